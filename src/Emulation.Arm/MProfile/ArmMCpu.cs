using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>A CPU of the M profile: Armv6-M, Armv7-M, Armv8-M, with its interrupt controller, system timer and private peripheral bus.</summary>
/// <remarks>
/// Arm DDI 0419, DDI 0403, DDI 0553. Boards connect interrupt lines to <see cref="Nvic"/>, map memory, and answer <see cref="SystemReset"/>. After reset the CPU reads its stack
/// pointer and the address of the first instruction from the vector table, before the first instruction, so memory may be loaded until then.
/// Banks of CPUs with the Security Extension are numbered 0 for Non-secure and 1 for Secure; other CPUs have bank 0 alone.
/// </remarks>
public sealed unsafe partial class ArmMCpu : VirtualCpu, IA32Cpu
{
    private const int StackPointer = 13, LinkRegister = 14;
    private readonly ArmMFrontend _frontend;
    private bool _resetWaits;

    /// <summary>Creates a CPU in its reset state and maps its private peripheral bus, and bit-band aliases, into its memory.</summary>
    /// <param name="index">Number of the CPU in its machine.</param>
    /// <param name="options">The CPU; null for the defaults.</param>
    /// <param name="context">What it is connected to.</param>
    /// <param name="frontend">The translator of the model; CPUs with one <see cref="TranslationCache"/> share it. Null for one of its own.</param>
    public ArmMCpu(int index, ArmMCpuOptions? options, CpuContext context, ArmMFrontend? frontend = null)
        : this(index, options ?? new ArmMCpuOptions(), context, frontend ?? new ArmMFrontend((options ?? new ArmMCpuOptions()).Model), false)
    {
    }

    private ArmMCpu(int index, ArmMCpuOptions options, CpuContext context, ArmMFrontend frontend, bool isHosted)
        : base($"cpu{index}", index, frontend, context)
    {
        _frontend = frontend;
        _isHosted = isHosted;
        Options = options;
        if (frontend.Model != options.Model)
            throw new ArgumentException($"the frontend translates for {frontend.Model.Name}, the CPU is a {options.Model.Name}", nameof(frontend));
        int interrupts = options.Interrupts ?? Model.Interrupts, bits = options.PriorityBits ?? Model.PriorityBits;
        if (interrupts is < 1 or > 496)
            throw new ArgumentOutOfRangeException(nameof(options), $"{interrupts} interrupts: there are 1 to 496");
        if (bits is < 2 or > 8)
            throw new ArgumentOutOfRangeException(nameof(options), $"{bits} bits of priority: there are 2 to 8");
        Exceptions = new MExceptions(this, interrupts, bits);
        Nvic = new Nvic(Exceptions);
        SysTick = new SysTick(this, 0);
        SysTickSecure = Model.HasSecurity ? new SysTick(this, 1) : null;
        System = new SystemControl(this);
        PrivateBus = new PrivateBus(this);
        CreateProtection();
        Debug = new MDebug(Name, Model, PrivateBus.Shared, this, context.Log);
        context.Memory.Root.Add(options.PrivateBus, PrivateBus.Region);
        if (Model.HasBitBand && index == 0)
            BitBand.Map(context.Memory);
        ResetState();
    }

    /// <summary>Choices that the architecture leaves open.</summary>
    public ArmMCpuOptions Options { get; }

    /// <summary>The model.</summary>
    public ArmMCpuModel Model => Options.Model;

    /// <summary>The interrupt controller: its inputs.</summary>
    public Nvic Nvic { get; }

    /// <summary>The system timer; of CPUs with the Security Extension the Non-secure one.</summary>
    public SysTick SysTick { get; }

    /// <summary>The Secure system timer; null without the Security Extension.</summary>
    public SysTick? SysTickSecure { get; }

    /// <summary>The Secure VTOR; of a CPU without the Security Extension the one there is. A board with a register for the address after reset sets it then.</summary>
    public uint VectorTable
    {
        get => System.Vtor[Model.HasSecurity ? 1 : 0];
        set => System.Vtor[Model.HasSecurity ? 1 : 0] = value;
    }

    /// <summary>Called when software asks for a reset of the system (AIRCR.SYSRESETREQ), inside the access that does; null resets the CPU alone, behind the instruction.</summary>
    public Action? SystemReset { get; set; }

    /// <summary>The exception number of the present handler; 0 in Thread mode.</summary>
    public int Ipsr => _ipsr;

    /// <summary>Whether it executes a handler.</summary>
    public bool IsHandler => _ipsr != 0;

    /// <summary>Whether execution is privileged.</summary>
    public bool IsPrivileged => _ipsr != 0 || (_control[Bank] & ControlUnprivileged) == 0;

    /// <summary>Whether the CPU is in Secure state.</summary>
    public bool IsSecure => _secure;

    internal MExceptions Exceptions { get; }

    internal SystemControl System { get; }

    internal PrivateBus PrivateBus { get; }

    internal ArmRegisters Registers => _frontend.Slots;

    /// <summary>Number of the present bank.</summary>
    internal int Bank => _secure ? 1 : 0;

    /// <inheritdoc/>
    protected override string ExceptionName(int code)
        => _lockup is { } why ? why : MFault.Name(code);

    /// <inheritdoc/>
    protected override void ResetState() => ResetCore(true);

    // B1.5.5 "Reset behavior"; DDI 0553, TakeReset()
    private void ResetCore(bool cold)
    {
        if (cold)
        {
            Exceptions.ResetLines();
            (_event, _lockup) = (false, null);
        }

        (_return, _ipsr, _secure, _lockup) = (0, 0, Model.HasSecurity, null);
        foreach (uint[] bank in (uint[][])[_msp, _psp, _msplim, _psplim, _primask, _faultmask, _basepri, _control])
            Array.Clear(bank);
        (_fpca, _sfpa) = (false, false);
        for (int r = 0; r < 15; r++)
            this[Registers.X[r]] = 0;
        this[Registers.X[LinkRegister]] = uint.MaxValue;
        (this[Registers.A32.Sticky], this[Registers.A32.Ge]) = (0, 0);
        ArmStatus.WriteNzcv(this, Registers, 0);
        ResetFloat();
        Exceptions.Reset();
        System.Reset();
        SysTick.Reset();
        SysTickSecure?.Reset();
        PrivateBus.Reset(cold);
        foreach (MpuUnit mpu in Mpus)
            mpu.Reset();
        Sau?.Reset();
        if (cold)
            Debug.Reset();
        Step(NoStep);
        Header.ReservationAddress = ulong.MaxValue;
        Header.Pc = 0;
        Header.Mode = A32Mode.AArch32 | A32Mode.Thumb;
        _resetWaits = !_isHosted;
        Halted = Options.StartsHalted && cold && !_isHosted;
        (_waitsForEvent, _startsHalted) = (false, Halted);
        SetSleep(false);
        FlushTlb();
        Exceptions.Update();
        UpdateMode();
        RequestAttention();
    }

    /// <summary>Takes the CPU out of use until <see cref="Start"/> or a reset, as a power controller does. On its own thread, or while it does not run, under the device lock.</summary>
    public void Stop()
    {
        Halted = _startsHalted = true;
        RequestAttention();
    }

    /// <summary>Starts a CPU that waits since reset, <see cref="ArmMCpuOptions.StartsHalted"/>, or since <see cref="Stop"/>. From any thread, under the device lock.</summary>
    public void Start()
    {
        _startsHalted = false;
        NotifyInterrupt();
    }

    /// <summary>Reads stack pointer and first instruction from the vector table, as the CPU does before its first instruction after reset.</summary>
    /// <returns>False when the table is not memory.</returns>
    public bool TryLoadVectors()
    {
        int bank = Bank;
        uint table = System.Vtor[bank];
        if (!TryReadStack(table, true, _secure, out uint stack) || !TryReadStack(table + 4, true, _secure, out uint start))
            return false;
        _resetWaits = false;
        _msp[bank] = stack & ~3u;
        this[Registers.X[StackPointer]] = stack & ~3u;
        Header.Pc = start & ~1u;
        SetMode((Header.Mode & ~(A32Mode.Thumb | A32Mode.ItMask)) | ((start & 1) != 0 ? A32Mode.Thumb : 0));
        UpdateMode();
        return true;
    }

    /// <inheritdoc/>
    public override void SetPc(ulong pc)
    {
        if (_resetWaits && !TryLoadVectors())
            _resetWaits = false;
        Header.Pc = (uint)pc & ~1u;
        SetMode((Header.Mode & ~A32Mode.ItMask) | A32Mode.Thumb);
    }

    private void TakeReset()
    {
        if (TryLoadVectors())
            return;
        _resetWaits = false;
        Lockup($"lockup: reset could not read the vector table at 0x{System.Vtor[Bank]:x8}: load the firmware there, or set the CPU's initial VTOR to where it is");
    }
}
