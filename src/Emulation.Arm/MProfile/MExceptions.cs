using System.Numerics;
using Emulation.Core;

namespace Emulation.Arm;

/// <summary>Which exceptions are pending, active and enabled, their priorities, and what follows: whether one preempts. DDI 0403E, B1.5.4; DDI 0553, B3.9 to B3.13.</summary>
/// <remarks>
/// Exceptions are named by an index: their number, and <see cref="SecureBank"/> and the number for the Secure one of those that each Security state has. Inputs may
/// change on any thread, under the device lock; everything that changes takes the gate.
/// </remarks>
internal sealed class MExceptions
{
    /// <summary>Added to the number of the Secure exception of two.</summary>
    public const int SecureBank = 512;

    private const int Words = 9, None = -1, Lowest = 256;
    private readonly ArmMCpu _cpu;
    private readonly Lock _gate = new();
    private readonly ulong[] _pending = new ulong[Words];
    private readonly ulong[] _active = new ulong[Words];
    private readonly ulong[] _enabled = new ulong[Words];
    private readonly ulong[] _lines = new ulong[Words];
    private readonly ulong[] _nonSecure = new ulong[Words];
    private readonly byte[] _priorities = new byte[SecureBank + 16];
    private volatile bool _preempts;
    private volatile bool _wakes;

    public MExceptions(ArmMCpu cpu, int interrupts, int priorityBits)
    {
        _cpu = cpu;
        Interrupts = interrupts;
        PriorityMask = (byte)(0xff << (8 - priorityBits));
    }

    /// <summary>External interrupts.</summary>
    public int Interrupts { get; }

    /// <summary>The bits of a priority that are implemented.</summary>
    public byte PriorityMask { get; }

    /// <summary>Whether a pending exception is taken before the next instruction.</summary>
    public bool Preempts => _preempts;

    /// <summary>Whether a pending exception ends WFI: as if PRIMASK were 0.</summary>
    public bool Wakes => _wakes;

    /// <summary>The execution priority, raw: what the present state may be preempted below.</summary>
    public int ExecutionPriority { get; private set; } = Lowest;

    /// <summary>The index of the pending exception of highest priority; -1 for none.</summary>
    public int Highest { get; private set; } = None;

    private ArmMCpuModel Model => _cpu.Model;

    private bool HasSecurity => Model.HasSecurity;

    /// <summary>The number of an exception.</summary>
    public static int NumberOf(int index) => index >= SecureBank ? index - SecureBank : index;

    /// <summary>The index of a system exception of a Security state.</summary>
    public int IndexOf(int number, bool secure) => secure && HasSecurity && MException.IsBanked(number) ? SecureBank + number : number;

    public bool IsPending(int index) => Has(_pending, index);

    public bool IsActive(int index) => Has(_active, index);

    public bool IsEnabled(int index) => Has(_enabled, index);

    /// <summary>The level of an input.</summary>
    public bool IsHigh(int index) => Has(_lines, index);

    /// <summary>NVIC_ITNS.</summary>
    public bool IsNonSecure(int index) => Has(_nonSecure, index);

    /// <summary>ExceptionTargetsSecure().</summary>
    public bool TargetsSecure(int index)
    {
        if (!HasSecurity)
            return false;
        if (index >= SecureBank)
            return true;
        return index switch
        {
            MException.Reset or MException.SecureFault => true,
            MException.Nmi or MException.BusFault => !_cpu.System.FaultsAreNonSecure,
            MException.DebugMonitor => _cpu.DebugTargetsSecure,
            < MException.External => false,
            _ => !Has(_nonSecure, index),
        };
    }

    /// <summary>The configured priority: what IPR and SHPR hold.</summary>
    public byte GetPriority(int index) => _priorities[index];

    public void SetPriority(int index, byte priority)
    {
        _priorities[index] = (byte)(priority & PriorityMask);
        Update();
    }

    /// <summary>ExceptionPriority(), grouped.</summary>
    public int Priority(int index, bool grouped = true)
    {
        int number = NumberOf(index);
        bool secure = TargetsSecure(index);
        switch (number)
        {
            case MException.Reset:
                return -4;
            case MException.Nmi:
                return -2;
            case MException.HardFault:
                return index >= SecureBank && _cpu.System.FaultsAreNonSecure ? -3 : -1;
            default:
                int priority = _priorities[index];
                return grouped ? Grouped(priority, secure) : Deprioritized(priority, secure);
        }
    }

    public void SetPending(int index, bool pending)
    {
        lock (_gate)
        {
            bool fresh = pending && !Has(_pending, index);
            Put(_pending, index, pending);
            if (!pending && Has(_lines, index) && !Has(_active, index))
                Put(_pending, index, true);
            if (fresh)
                Arrived();
        }

        Update();
    }

    public void SetEnabled(int index, bool enabled)
    {
        Put(_enabled, index, enabled);
        Update();
    }

    public void SetNonSecure(int index, bool value)
    {
        Put(_nonSecure, index, value);
        Update();
    }

    public void SetActive(int index, bool active)
    {
        Put(_active, index, active);
        Update();
    }

    /// <summary>Drives an input: a rising one becomes pending, and a high one again when its handler returns.</summary>
    public void SetLine(int index, bool level)
    {
        lock (_gate)
        {
            if (Has(_lines, index) == level)
                return;
            Put(_lines, index, level);
            if (!level || Has(_pending, index))
                return;
            Put(_pending, index, true);
            Arrived();
        }

        Update();
    }

    /// <summary>The handler is entered.</summary>
    public void Activate(int index)
    {
        lock (_gate)
        {
            Put(_pending, index, false);
            Put(_active, index, true);
        }

        Update();
    }

    /// <summary>IsActiveForState(): an exception whose Security state is configurable is active for the one that it targets.</summary>
    public bool IsActiveFor(int number, bool secure)
    {
        int index = IndexOf(number, secure);
        return IsActive(index) && (!HasSecurity || TargetsSecure(index) == secure);
    }

    /// <summary>IsReqExcPriNeg(): a Security state asks for a negative priority by NMI, HardFault or FAULTMASK, whether or not it gets it.</summary>
    public bool RequestsNegative(int bank)
        => IsActiveFor(MException.Nmi, bank == 1) || IsActive(IndexOf(MException.HardFault, bank == 1)) || _cpu.Masks(bank).Faultmask != 0;

    /// <summary>DeActivate() of Armv8-M: at a negative priority what makes it so, whatever IPSR says. Gives the raw priority before.</summary>
    public int Deactivate(int number, bool secure)
    {
        int raw = RawPriority();
        switch (raw)
        {
            case -1 or -3:
                Deactivate(IndexOf(MException.HardFault, HasSecurity && (raw == -3 || !_cpu.System.FaultsAreNonSecure)));
                break;
            case -2:
                Deactivate(MException.Nmi);
                break;
            default:
                if (IsActiveFor(number, secure))
                    Deactivate(IndexOf(number, secure));
                break;
        }

        return raw;
    }

    /// <summary>The handler has returned.</summary>
    public void Deactivate(int index)
    {
        lock (_gate)
        {
            Put(_active, index, false);
            if (Has(_lines, index))
                Put(_pending, index, true);
        }

        Update();
    }

    /// <summary>AIRCR.VECTCLRACTIVE.</summary>
    public void ClearActive()
    {
        Array.Clear(_active);
        Update();
    }

    /// <summary>How many exceptions are active.</summary>
    public int Nested()
    {
        int count = 0;
        foreach (ulong word in _active)
            count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>Whether an exception other than one is active: ICSR.RETTOBASE is 0 then.</summary>
    public bool IsActiveBeside(int index)
    {
        for (int w = 0; w < Words; w++)
        {
            ulong word = _active[w];
            if (w == index >> 6)
                word &= ~(1UL << (index & 63));
            if (word != 0)
                return true;
        }

        return false;
    }

    /// <summary>Whether an enabled external interrupt is pending.</summary>
    public bool AnyInterruptPending()
    {
        for (int w = 0; w < Words - 1; w++)
        {
            if ((_pending[w] & (w == 0 ? ~0xffffUL : ulong.MaxValue)) != 0)
                return true;
        }

        return false;
    }

    /// <summary>Computes anew what follows from state and masks.</summary>
    public void Update()
    {
        bool changed;
        lock (_gate)
        {
            int masked = ComputeExecution(true), open = ComputeExecution(false);
            Highest = FindHighest(out int priority);
            ExecutionPriority = masked;
            changed = (!_preempts && priority < masked) || (!_wakes && priority < open);
            _preempts = priority < masked;
            _wakes = priority < open;
        }

        if (changed)
            _cpu.NotifyExceptions();
    }

    /// <summary>The execution priority with BASEPRI, PRIMASK and FAULTMASK left out: RawExecutionPriority().</summary>
    public int RawPriority()
    {
        int result = Lowest;
        for (int w = 0; w < Words; w++)
        {
            for (ulong bits = _active[w]; bits != 0; bits &= bits - 1)
                result = Math.Min(result, Priority((w << 6) | BitOperations.TrailingZeroCount(bits)));
        }

        return result;
    }

    public void ResetLines() => Array.Clear(_lines);

    public void Reset()
    {
        foreach (ulong[] set in (ulong[][])[_pending, _active, _enabled, _nonSecure])
            Array.Clear(set);
        Array.Clear(_priorities);
        for (int w = 0; w < Words; w++)
            _pending[w] = _lines[w];
    }

    public void Save(StateWriter writer)
    {
        foreach (ulong[] set in (ulong[][])[_pending, _active, _enabled, _lines, _nonSecure])
            writer.Write(set.AsSpan());
        writer.Write(_priorities.AsSpan());
    }

    public void Load(StateReader reader)
    {
        foreach (ulong[] set in (ulong[][])[_pending, _active, _enabled, _lines, _nonSecure])
        {
            reader.Read(set.AsSpan());
            for (int w = 0; w < Words; w++)
                set[w] &= Known(w);
        }

        ReadOnlySpan<byte> priorities = reader.ReadBytes();
        if (priorities.Length != _priorities.Length)
            throw reader.Damaged($"{priorities.Length} priorities where there are {_priorities.Length}");
        for (int i = 0; i < priorities.Length; i++)
            _priorities[i] = (byte)(priorities[i] & PriorityMask);
    }

    private static bool Has(ulong[] set, int index) => ((Volatile.Read(ref set[index >> 6]) >> (index & 63)) & 1) != 0;

    private static void Put(ulong[] set, int index, bool value)
    {
        ulong bit = 1UL << (index & 63);
        if (value)
            set[index >> 6] |= bit;
        else
            set[index >> 6] &= ~bit;
    }

    // exceptions that there are
    private ulong Known(int word)
    {
        if (word == Words - 1)
            return HasSecurity ? 0xffffUL : 0;
        int left = MException.External + Interrupts - (word << 6);
        return left >= 64 ? ulong.MaxValue : left <= 0 ? 0 : (1UL << left) - 1;
    }

    private void Arrived()
    {
        if (_cpu.System.SendsEventOnPending)
            _cpu.SetEvent();
    }

    private int Deprioritized(int priority, bool secure) => HasSecurity && !secure && _cpu.System.PrioritizesSecure ? (priority >> 1) | 0x80 : priority;

    private int Grouped(int priority, bool secure)
    {
        int group = 2 << _cpu.System.PriorityGroup(secure);
        return Deprioritized(priority & ~(group - 1), secure);
    }

    // ExecutionPriority()
    private int ComputeExecution(bool withPrimask)
    {
        int result = RawPriority();
        for (int bank = 0; bank < (HasSecurity ? 2 : 1); bank++)
        {
            bool secure = bank == 1;
            (uint primask, uint faultmask, uint basepri) = _cpu.Masks(bank);
            int urgent = !HasSecurity || secure || !_cpu.System.PrioritizesSecure ? 0 : 0x80;
            if (basepri != 0)
                result = Math.Min(result, Grouped((int)basepri, secure));
            if (primask != 0 && withPrimask)
                result = Math.Min(result, urgent);
            if (faultmask == 0)
                continue;
            int fault = !HasSecurity ? -1 : secure ? (_cpu.System.FaultsAreNonSecure ? -3 : -1) : _cpu.System.FaultsAreNonSecure ? -1 : urgent;
            result = Math.Min(result, fault);
        }

        return result;
    }

    // of equal priorities the lowest number, the Secure one first
    private int FindHighest(out int priority)
    {
        int best = None;
        (int Priority, int Sub, int Number) found = (Lowest, Lowest, int.MaxValue);
        for (int w = 0; w < Words; w++)
        {
            ulong bits = _pending[w];
            if (w < Words - 1)
                bits &= w == 0 ? _enabled[0] | 0xffff : _enabled[w];
            for (; bits != 0; bits &= bits - 1)
            {
                int index = (w << 6) | BitOperations.TrailingZeroCount(bits);
                (int, int, int) candidate = (Priority(index), Priority(index, false), (NumberOf(index) * 2) - (index >= SecureBank ? 1 : 0));
                if (candidate.CompareTo(found) >= 0)
                    continue;
                (found, best) = (candidate, index);
            }
        }

        priority = best < 0 ? int.MaxValue : found.Priority;
        return best;
    }
}
