using Emulation.Core;
using Emulation.RiscV;

namespace Emulation.Boards.RiscV.Sbi;

/// <summary>
/// Supervisor execution environment without M-mode code: the host answers the calls of S-mode itself. RISC-V SBI 2.0: base, TIME, IPI, RFENCE, HSM,
/// SRST, DBCN and the calls of version 0.1. Its state is a section of snapshots.
/// </summary>
/// <remarks>
/// Delegation leaves only calls from S-mode to M-mode, and calls of the parking code in ROM (see <see cref="SbiHsm"/>). All of it runs under the device
/// lock, so that harts on several threads see the state of each other whole; in deterministic mode harts take turns and everything has its fixed order.
/// </remarks>
internal sealed class SbiFirmware : IDevice, IMachineFirmware
{
    private const int CallFromSupervisor = 9;
    private const int CallFromMachine = 11;
    private const ulong ParkingCall = 4;
    private readonly Dictionary<ulong, ISbiExtension> _extensions = [];
    private readonly SbiLegacy _legacy;
    private readonly SbiHsm _hsm;
    private readonly Machine _machine;
    private readonly ulong _parking;
    private readonly GuestLog _log;
    private bool _parkAfterCall;

    public SbiFirmware(MachineContext context, RiscVVirtBoard board, ulong parking)
    {
        _machine = context.Machine;
        _log = context.Log;
        _parking = parking;
        Harts = board.Harts;
        Timers = new SbiTimers(Harts, board.Clint, context.Clock);
        var console = new SbiConsole(board.Uart, board.Console);
        var reset = new SbiReset(context.Machine);
        ulong alignment = board.Isa.Has("zca") ? 2UL : 4;
        _hsm = new SbiHsm(Harts, address => address % alignment == 0 && context.Memory.TryFind(address, out FlatRange range) && range.Region is RamRegion);
        _legacy = new SbiLegacy(console, reset);
        foreach (ISbiExtension extension in (ISbiExtension[])[new SbiBase(), new SbiTime(), new SbiIpi(), new SbiRfence(), _hsm, reset, new SbiDebugConsole(context.Memory, console)])
            _extensions.Add(extension.Id, extension);
        foreach (RiscVCpu cpu in Harts)
            cpu.Firmware = this;
    }

    public string Name => "sbi";

    public IReadOnlyList<RiscVCpu> Harts { get; }

    public SbiTimers Timers { get; }

    /// <summary>Whether an extension exists, one of version 0.1 included.</summary>
    public bool Has(ulong id) => SbiLegacy.Has(id) || _extensions.ContainsKey(id);

    /// <summary>Sets up all harts after their reset: hart 0 starts in S-mode, the others wait to be started.</summary>
    /// <param name="address">First instruction in S-mode.</param>
    /// <param name="deviceTree">What hart 0 gets in a1.</param>
    public void Boot(ulong address, ulong deviceTree)
    {
        foreach (RiscVCpu cpu in Harts)
            HartSetup.Initialize(cpu, _parking);
        _hsm.Boot(0, address, deviceTree);
        Harts[0].SetPc(_parking + ParkingCall);
    }

    /// <summary>The calling hart does not return from the present call: it enters the parking code.</summary>
    public void ParkAfterCall() => _parkAfterCall = true;

    /// <summary>Does something to harts while none executes.</summary>
    /// <param name="harts">Which, as a mask.</param>
    /// <param name="action">What.</param>
    public void OnHarts(uint harts, Action<RiscVCpu> action)
        => _machine.RunExclusive(() =>
        {
            for (int i = 0; i < Harts.Count; i++)
            {
                if ((harts & (1u << i)) != 0)
                    action(Harts[i]);
            }
        });

    public bool HandleException(RiscVCpu cpu, int cause, ulong value)
    {
        if (cause is not (CallFromSupervisor or CallFromMachine))
        {
            _log.Error(Name, $"exception {cause} in M-mode, where only the parking code runs");
            return false;
        }

        _machine.Memory.EnterDeviceLock();
        try
        {
            return cause == CallFromSupervisor ? CallFrom(cpu) : Woken(cpu);
        }
        finally
        {
            _machine.DeviceLock.Exit();
        }
    }

    public void Reset()
    {
        _hsm.Reset();
        Timers.Reset();
    }

    public void Save(StateWriter writer)
    {
        _hsm.Save(writer);
        Timers.Save(writer);
    }

    public void Load(StateReader reader)
    {
        _hsm.Load(reader);
        Timers.Load(reader);
    }

    private bool Woken(RiscVCpu cpu)
    {
        bool enters = _hsm.Wake(cpu.Index);
        cpu.SetPc(enters ? cpu.Pc + 4 : _parking);
        return true;
    }

    private bool CallFrom(RiscVCpu cpu)
    {
        var call = new SbiCall(this, cpu, cpu.Index);
        ulong extension = call[7];
        _parkAfterCall = false;
        if (SbiLegacy.Has(extension))
        {
            long? value = _legacy.Call(call, extension);
            if (_parkAfterCall)
                return false;
            if (value is null)
                return true;
            cpu["x10"] = (ulong)value;
        }
        else
        {
            SbiResult result = _extensions.TryGetValue(extension, out ISbiExtension? handler) ? handler.Call(call, call[6]) : SbiError.NotSupported;
            if (_parkAfterCall)
                return false;
            cpu["x10"] = (ulong)result.Error;
            cpu["x11"] = result.Value;
        }

        cpu.SetPc(cpu.Pc + 4);
        return true;
    }
}
