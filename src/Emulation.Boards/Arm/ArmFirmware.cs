using Emulation.Arm;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Arm;

/// <summary>
/// Firmware without code: the host answers calls of the SMC Calling Convention. Arm DEN 0022 "Power State Coordination Interface" 1.1, DEN 0028 "SMC Calling
/// Convention" 1.1 with its architecture calls, DEN 0098 "True Random Number Generator Firmware Interface" 1.0.
/// </summary>
/// <remarks>Runs under the device lock, so that CPUs on several threads see each other's state whole. CPU_SUSPEND is a wait for an interrupt, whatever state is asked for.</remarks>
internal sealed class ArmFirmware : IDevice, IArmFirmware
{
    private const long Success = 0;
    private const long NotSupported = -1;
    private const long InvalidParameters = -2;
    private const long AlreadyOn = -4;
    private const long OnPending = -5;
    private const long InvalidAddress = -9;
    private const long NotRequired = -2;            // of an architecture workaround
    private const long Unaffected = 1;

    private readonly Machine _machine;
    private readonly IReadOnlyList<ArmCpu> _cpus;
    private readonly ArmConduit _conduit;
    private readonly int _startLevel;
    private readonly IEntropySource _entropy;

    /// <summary>Creates the firmware and gives it to the CPUs.</summary>
    /// <param name="machine">The machine that may be reset and powered off.</param>
    /// <param name="cpus">The CPUs.</param>
    /// <param name="conduit">The instruction that calls it.</param>
    /// <param name="startLevel">Exception level at which CPUs start.</param>
    /// <param name="entropy">For random numbers.</param>
    public ArmFirmware(Machine machine, IReadOnlyList<ArmCpu> cpus, ArmConduit conduit, int startLevel, IEntropySource entropy)
    {
        (_machine, _cpus, _conduit, _startLevel, _entropy) = (machine, cpus, conduit, startLevel, entropy);
        foreach (ArmCpu cpu in cpus)
            cpu.Firmware = this;
    }

    public string Name => "psci";

    public bool HandleCall(ArmCpu cpu, ArmConduit conduit, int immediate)
    {
        if (conduit != _conduit)
            return false;
        if (immediate != 0)
        {
            SetResult(cpu, NotSupported);
            return true;
        }

        _machine.Memory.EnterDeviceLock();
        try
        {
            Call(cpu, (uint)cpu["x0"]);
        }
        finally
        {
            _machine.DeviceLock.Exit();
        }

        return true;
    }

    public void Reset() => _entropy.Reset();

    public void Save(StateWriter writer) => _entropy.Save(writer);

    public void Load(StateReader reader) => _entropy.Load(reader);

    private void Call(ArmCpu cpu, uint function)
    {
        // bit 30 says that arguments have 64 bits
        ulong mask = (function & SmcFunction.Wide) != 0 ? ulong.MaxValue : uint.MaxValue;
        ulong first = cpu["x1"] & mask, second = cpu["x2"] & mask, third = cpu["x3"] & mask;
        long result = NotSupported;
        switch (cpu.IsAArch32 && mask == ulong.MaxValue ? uint.MaxValue : function)
        {
            case SmcFunction.Version: result = 0x1_0001; break;
            case SmcFunction.ArchitectureFeatures: result = ArchitectureFeature((uint)first); break;
            case SmcFunction.Workaround1 or SmcFunction.Workaround3: result = Success; break;
            case SmcFunction.PsciVersion: result = 0x1_0001; break;
            case SmcFunction.CpuSuspend or SmcFunction.CpuSuspend | SmcFunction.Wide:
                cpu.Suspend();
                result = Success;
                break;
            case SmcFunction.CpuOff:
                cpu.PowerOff();
                return;
            case SmcFunction.CpuOn or SmcFunction.CpuOn | SmcFunction.Wide: result = CpuOn(first, second, third); break;
            case SmcFunction.AffinityInfo or SmcFunction.AffinityInfo | SmcFunction.Wide: result = AffinityInfo(first, second); break;
            case SmcFunction.MigrateInfoType: result = 2; break;       // there is no trusted OS
            case SmcFunction.SystemOff:
                cpu.PowerOff();
                _machine.RequestPowerOff();
                return;
            case SmcFunction.SystemReset:
            case SmcFunction.SystemReset2 or SmcFunction.SystemReset2 | SmcFunction.Wide when (uint)first == 0:
                cpu.PowerOff();
                _machine.RequestReset();
                return;
            case SmcFunction.SystemReset2 or SmcFunction.SystemReset2 | SmcFunction.Wide: result = InvalidParameters; break;
            case SmcFunction.PsciFeatures: result = PsciFeature((uint)first); break;
            case SmcFunction.TrngVersion: result = 0x1_0000; break;
            case SmcFunction.TrngFeatures: result = IsTrng((uint)first) ? Success : NotSupported; break;
            case SmcFunction.TrngUuid:
                (cpu["x0"], cpu["x1"], cpu["x2"], cpu["x3"]) = (0x6d75_6c45, 0x6f69_7461, 0x5254_006e, 0x0000_474e);
                return;
            case SmcFunction.TrngRandom or SmcFunction.TrngRandom | SmcFunction.Wide:
                Random(cpu, (function & SmcFunction.Wide) != 0, first);
                return;
        }

        SetResult(cpu, result);
    }

    private static void SetResult(ArmCpu cpu, long result) => cpu["x0"] = cpu.IsAArch32 ? (uint)result : (ulong)result;

    private static long ArchitectureFeature(uint function) => function switch
    {
        SmcFunction.Version or SmcFunction.ArchitectureFeatures => Success,
        SmcFunction.Workaround1 or SmcFunction.Workaround3 => Unaffected,
        SmcFunction.Workaround2 => NotRequired,
        _ => NotSupported,
    };

    private static long PsciFeature(uint function) => (function & ~SmcFunction.Wide) switch
    {
        SmcFunction.Version or SmcFunction.PsciVersion or SmcFunction.CpuSuspend or SmcFunction.CpuOff or SmcFunction.CpuOn or SmcFunction.AffinityInfo
            or SmcFunction.MigrateInfoType or SmcFunction.SystemOff or SmcFunction.SystemReset or SmcFunction.SystemReset2 or SmcFunction.PsciFeatures => Success,
        _ => NotSupported,
    };

    private static bool IsTrng(uint function)
        => function is SmcFunction.TrngVersion or SmcFunction.TrngFeatures or SmcFunction.TrngUuid or SmcFunction.TrngRandom or (SmcFunction.TrngRandom | SmcFunction.Wide);

    private long CpuOn(ulong target, ulong entry, ulong context)
    {
        if (Find(target) is not { } cpu)
            return InvalidParameters;
        if (!cpu.IsPoweredOff)
            return AlreadyOn;
        if (cpu.StartRequested)
            return OnPending;
        if ((entry & (cpu.IsAArch32 ? 2u : 3)) != 0 || !_machine.Memory.TryFind(entry, out FlatRange range) || range.Region is not RamRegion)
            return InvalidAddress;
        cpu.PowerOn(entry, context, _startLevel);
        return Success;
    }

    private long AffinityInfo(ulong target, ulong level)
    {
        if (level != 0 || Find(target) is not { } cpu)
            return InvalidParameters;
        if (cpu.StartRequested)
            return 2;
        return cpu.IsPoweredOff ? 1 : 0;
    }

    private ArmCpu? Find(ulong affinity) => _cpus.FirstOrDefault(c => c.Affinity == affinity);

    // Up to 96 bits in W1 to W3, or 192 in X1 to X3, the lowest in the last register.
    private void Random(ArmCpu cpu, bool wide, ulong bits)
    {
        ulong size = wide ? 64UL : 32;
        if (bits == 0 || bits > 3 * size)
        {
            SetResult(cpu, InvalidParameters);
            return;
        }

        cpu["x0"] = 0;
        Span<byte> bytes = stackalloc byte[8];
        for (int register = 3; register >= 1; register--)
        {
            ulong value = 0;
            if (bits > 0)
            {
                _entropy.Fill(bytes);
                ulong count = Math.Min(bits, size);
                value = BitConverter.ToUInt64(bytes) & (ulong.MaxValue >> (int)(64 - count));
                bits -= count;
            }

            cpu[$"x{register}"] = value;
        }
    }
}
