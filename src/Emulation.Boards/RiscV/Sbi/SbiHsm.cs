using Emulation.Core;
using Emulation.RiscV;

namespace Emulation.Boards.RiscV.Sbi;

/// <summary>States of a hart. RISC-V SBI 2.0, chapter 9.</summary>
internal enum HartState : byte
{
    Started = 0,
    Stopped = 1,
    StartPending = 2,
    Suspended = 4,
}

/// <summary>Hart state management. RISC-V SBI 2.0, chapter 9.</summary>
/// <remarks>
/// A hart that is not started executes a few instructions of the reset ROM in M-mode: it waits there for an interrupt and asks the firmware, with a
/// call, whether to go on. So its being parked is ordinary state of the hart, and what wakes it is an ordinary interrupt.
/// </remarks>
internal sealed class SbiHsm(IReadOnlyList<RiscVCpu> harts, Func<ulong, bool> isCode) : ISbiExtension
{
    private const uint Retentive = 0;
    private const uint NonRetentive = 0x8000_0000;
    private readonly HartState[] _states = new HartState[harts.Count];
    private readonly bool[] _resumes = new bool[harts.Count];
    private readonly ulong[] _addresses = new ulong[harts.Count];
    private readonly ulong[] _arguments = new ulong[harts.Count];

    public uint Id => 0x48_534d;

    public SbiResult Call(in SbiCall call, ulong function) => function switch
    {
        0 => Start(call[0], call[1], call[2]),
        1 => Stop(call),
        2 => call[0] < (ulong)_states.Length ? SbiResult.Of((ulong)_states[(int)call[0]]) : SbiError.InvalidParameter,
        3 => Suspend(call, (uint)call[0], call[1], call[2]),
        _ => SbiError.NotSupported,
    };

    /// <summary>Marks a hart for its start; the interrupt that ends its wait is raised only if it waits.</summary>
    public void Boot(int hart, ulong address, ulong argument)
    {
        (_states[hart], _addresses[hart], _arguments[hart], _resumes[hart]) = (HartState.StartPending, address, argument, false);
    }

    /// <summary>A parked hart was woken.</summary>
    /// <param name="hart">Which.</param>
    /// <returns>True when it goes on in S-mode; false when it waits again.</returns>
    public bool Wake(int hart)
    {
        RiscVCpu cpu = harts[hart];
        switch (_states[hart])
        {
            case HartState.StartPending:
            case HartState.Suspended when _resumes[hart]:
                HartSetup.Enter(cpu, _addresses[hart], _arguments[hart]);
                break;
            case HartState.Suspended:
                HartSetup.Resume(cpu);
                break;
            default:
                return false;
        }

        _states[hart] = HartState.Started;
        return true;
    }

    public void Reset()
    {
        Array.Fill(_states, HartState.Stopped);
        Array.Clear(_resumes);
        Array.Clear(_addresses);
        Array.Clear(_arguments);
    }

    public void Save(StateWriter writer)
    {
        for (int i = 0; i < _states.Length; i++)
        {
            writer.Write((byte)_states[i]);
            writer.Write(_resumes[i]);
            writer.Write(_addresses[i]);
            writer.Write(_arguments[i]);
        }
    }

    public void Load(StateReader reader)
    {
        for (int i = 0; i < _states.Length; i++)
        {
            byte state = reader.ReadByte();
            if (state is not ((byte)HartState.Started or (byte)HartState.Stopped or (byte)HartState.StartPending or (byte)HartState.Suspended))
                throw reader.Damaged($"hart {i} is in the unknown state {state}");
            _states[i] = (HartState)state;
            _resumes[i] = reader.ReadBoolean();
            _addresses[i] = reader.ReadUInt64();
            _arguments[i] = reader.ReadUInt64();
        }
    }

    private SbiResult Start(ulong hart, ulong address, ulong argument)
    {
        if (hart >= (ulong)_states.Length)
            return SbiError.InvalidParameter;
        if (!isCode(address))
            return SbiError.InvalidAddress;
        if (_states[(int)hart] != HartState.Stopped)
            return SbiError.AlreadyAvailable;
        Boot((int)hart, address, argument);
        harts[(int)hart].SetInterrupt(RiscVInterrupt.MachineSoftware, true);
        return SbiResult.Success;
    }

    private SbiResult Stop(in SbiCall call)
    {
        _states[call.Hart] = HartState.Stopped;
        HartSetup.Park(call.Cpu);
        call.Firmware.ParkAfterCall();
        return SbiResult.Success;
    }

    private SbiResult Suspend(in SbiCall call, uint type, ulong address, ulong argument)
    {
        if (type is not (Retentive or NonRetentive))
            return SbiError.InvalidParameter;   // reserved, or of a platform and not implemented
        bool resumes = type == NonRetentive;
        if (resumes && !isCode(address))
            return SbiError.InvalidAddress;
        (_states[call.Hart], _resumes[call.Hart], _addresses[call.Hart], _arguments[call.Hart]) = (HartState.Suspended, resumes, address, argument);

        // the enabled interrupts of S-mode end the wait
        call.Firmware.ParkAfterCall();
        return SbiResult.Success;
    }
}
