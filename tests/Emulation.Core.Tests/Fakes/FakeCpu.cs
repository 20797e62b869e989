namespace Emulation.Core.Tests.Fakes;

/// <summary>Operations of <see cref="FakeCpu"/>. An instruction is 8 bytes: operation, register a, register b, 0, 32-bit immediate.</summary>
internal enum Op : byte
{
    Nop, Set, Add, Read, Write, Jump, BranchIfNotZero, Wait, Mix, Return, Undefined, Load, Store, Yield, Rest, Leave,
}

/// <summary>A tiny CPU with eight registers, one interrupt (vector 0x100, disabled while it is handled) and a wait instruction. Register 5 starts as 4 times its index.</summary>
internal sealed class FakeCpu(string name, int index, AddressSpace memory, RamBlock code, HookTable hooks) : IVirtualCpu, IDisposable
{
    private readonly ulong[] _r = new ulong[8];
    private ulong _entry;
    private ulong _return;
    private bool _handling;
    private bool _waiting;
    private volatile bool _irq;
    private volatile bool _exit;
    private long _left;
    private bool _started = true;

    public event Action? Woken;

    public string Name { get; } = name;

    public ulong Pc { get; set; }

    public ulong InstructionCount { get; private set; }

    public bool IsIdle
    {
        get
        {
            Looks++;
            return _waiting && !_irq;
        }
    }

    /// <summary>How often somebody looked whether it is idle, about: several threads may.</summary>
    public int Looks { get; private set; }

    public GuestFault? Fault { get; private set; }

    public ulong ExitAddress { get; set; } = ulong.MaxValue;

    /// <summary>Thrown by the next instruction.</summary>
    public Exception? Bug { get; set; }

    public int Slices { get; private set; }

    public bool IsDisposed { get; private set; }

    public ulong this[int register]
    {
        get => _r[register];
        set => _r[register] = value;
    }

    public void SetEntry(ulong address) => Pc = _entry = address;

    public void SetIrq(bool level)
    {
        _irq = level;
        if (level)
            Woken?.Invoke();
    }

    public void Reset()
    {
        Array.Clear(_r);
        _r[5] = 4 * (ulong)index;
        Pc = _entry;
        (_return, _handling, _waiting, _irq) = (0, false, false, false);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_r.AsSpan());
        writer.Write(Pc);
        writer.Write(InstructionCount);
        writer.Write(_return);
        writer.Write(_handling);
        writer.Write(_waiting);
        writer.Write(_irq);
    }

    public void Load(StateReader reader)
    {
        reader.Read(_r.AsSpan());
        Pc = reader.ReadUInt64();
        InstructionCount = reader.ReadUInt64();
        _return = reader.ReadUInt64();
        _handling = reader.ReadBoolean();
        _waiting = reader.ReadBoolean();
        _irq = reader.ReadBoolean();
    }

    /// <summary>Called once before a slice, which begins without the requests that came before it and ends by none but a request.</summary>
    public Action? Entering { get; set; }

    public CpuExit Run(long budget, bool exact = true)
    {
        Slices++;
        if (Entering is { } entering)
        {
            Entering = null;
            entering();
            _exit = false;
            budget = long.MaxValue;
        }

        _left = budget;
        _started = true;
        while (_left > 0)
        {
            if (_exit && (InstructionCount & 63) == 0)
            {
                _exit = false;
                return CpuExit.Budget;
            }

            if (_waiting && !_irq)
                return CpuExit.Halted;
            if (Pc == ExitAddress && !_started)
                return CpuExit.ExitAddress;
            _started = false;
            _left--;
            CpuExit? exit = Execute();
            InstructionCount++;
            if (exit is { } reason)
                return reason;
        }

        _exit = false;
        return CpuExit.Budget;
    }

    public void LimitRun(long instructions) => _left = Math.Min(_left, instructions);

    /// <summary>How often it was asked to leave its slice.</summary>
    public int Requests { get; private set; }

    public void RequestExit()
    {
        Requests++;
        _exit = true;
    }

    public void Dispose() => IsDisposed = true;

    private CpuExit? Execute()
    {
        CpuExit? exit = null;
        if (Bug is { } bug)
            throw bug;
        _waiting = false;
        if (_irq && !_handling)
        {
            _return = Pc;
            _handling = true;
            Pc = 0x100;
        }

        ulong word = code.Read(Pc, 8);
        if (hooks.AnyCode)
            hooks.InvokeCode(this, Pc, 8);
        int a = (int)(word >> 8) & 7, b = (int)(word >> 16) & 7;
        uint immediate = (uint)(word >> 32);
        ulong pc = Pc;
        ulong next = Pc + 8;
        switch ((Op)(byte)word)
        {
            case Op.Nop: break;
            case Op.Set: _r[a] = immediate; break;
            case Op.Add: _r[a] += (ulong)(int)immediate; break;
            case Op.Read: memory.Read(_r[b] + immediate, 4, out _r[a]); break;
            case Op.Write: memory.Write(_r[b] + immediate, 4, _r[a]); break;
            case Op.Jump: next = immediate; break;
            case Op.BranchIfNotZero: next = _r[a] != 0 ? immediate : next; break;
            case Op.Wait: _waiting = true; break;
            case Op.Mix: _r[a] = ((_r[a] ^ _r[b]) * 0x9E3779B97F4A7C15) + immediate; break;
            case Op.Return: _handling = false; next = _return; break;
            case Op.Load:
                memory.Read(_r[b] + immediate, 8, out _r[a]);
                if (hooks.Any(HookKind.Read))
                    hooks.InvokeMemory(HookKind.Read, this, pc, _r[b] + immediate, 8, _r[a]);
                break;
            case Op.Store:
                if (hooks.Any(HookKind.Write))
                    hooks.InvokeMemory(HookKind.Write, this, pc, _r[b] + immediate, 8, _r[a]);
                memory.Write(_r[b] + immediate, 8, _r[a]);
                break;
            case Op.Yield: Thread.Yield(); break;
            case Op.Rest: exit = CpuExit.Resting; break;
            case Op.Leave: exit = CpuExit.Budget; break;
            default:
                Fault = new GuestFault("undefined", 1, Pc, word);
                return CpuExit.UnhandledException;
        }

        Pc = next;
        return exit;
    }
}

/// <summary>Writes programs for <see cref="FakeCpu"/>.</summary>
internal sealed class Code
{
    private readonly List<ulong> _words = [];

    public Code(ulong origin) => Origin = origin;

    public ulong Origin { get; }

    public uint Here => (uint)Origin + (uint)(_words.Count * 8);

    public byte[] Bytes => [.. _words.SelectMany(BitConverter.GetBytes)];

    public Code Emit(Op op, int a = 0, int b = 0, uint immediate = 0)
    {
        _words.Add((byte)op | ((ulong)a << 8) | ((ulong)b << 16) | ((ulong)immediate << 32));
        return this;
    }
}
