namespace Emulation.Arm.Tests.MProfile;

/// <summary>Armv7-M's exception return as the manual has it, straight from the pseudocode: DDI 0403E, B1.5.8. State is plain fields, memory a dictionary of words.</summary>
internal sealed class ManualReturn
{
    private const int UsageFault = 6, HardFault = 3, Nmi = 2;

    public Dictionary<uint, uint> Memory { get; } = [];

    public uint[] R { get; } = new uint[13];

    public uint Lr { get; set; }

    public uint Msp { get; set; }

    public uint Psp { get; set; }

    public uint Pc { get; set; }

    public uint Xpsr { get; set; }

    public bool Spsel { get; set; }

    public bool Fpca { get; set; }

    public bool Npriv { get; set; }

    public bool Faultmask { get; set; }

    public bool Lspact { get; set; }

    public uint Fpcar { get; set; }

    public bool Lspen { get; set; } = true;

    public uint[] S { get; } = new uint[16];

    public uint Fpscr { get; set; }

    public HashSet<int> Active { get; } = [];

    public HashSet<int> Pending { get; } = [];

    public Dictionary<int, int> Priorities { get; } = new() { [HardFault] = -1, [Nmi] = -2 };

    public bool UsageFaultEnabled { get; set; }

    public bool NonBaseThread { get; set; }

    public bool Invpc { get; private set; }

    public bool Forced { get; private set; }

    public bool LockedUp { get; private set; }

    private int Ipsr => (int)(Xpsr & 0x1ff);

    private int Execution => Math.Min(Active.Select(n => Priorities[n]).DefaultIfEmpty(256).Min(), Faultmask ? -1 : 256);

    /// <summary>BX with EXC_RETURN in Handler mode, and whatever is taken then.</summary>
    public void Return(uint link)
    {
        int returning = Ipsr, nested = Active.Count;
        bool wrong = !Active.Contains(returning), thread = false;
        uint frame = 0;
        if (!wrong)
        {
            switch (link & 15)
            {
                case 1:
                    frame = Msp;
                    wrong = nested == 1;
                    break;
                case 9 or 13:
                    thread = true;
                    frame = (link & 4) != 0 ? Psp : Msp;
                    wrong = nested != 1 && !NonBaseThread;
                    break;
                default:
                    wrong = true;
                    break;
            }
        }

        wrong |= (link & 0x0fff_ffe0) != 0x0fff_ffe0;
        Active.Remove(returning);
        if (returning != Nmi)
            Faultmask = false;
        if (wrong)
        {
            Fault();
            if (!LockedUp)
                Take(Highest(), link);
            return;
        }

        if (Highest() is var chained and not 0)
        {
            Take(chained, link);
            return;
        }

        for (int i = 0; i < 4; i++)
            R[i] = Memory[frame + (4 * (uint)i)];
        (R[12], Lr, Pc) = (Memory[frame + 16], Memory[frame + 20], Memory[frame + 24] & ~1u);
        uint xpsr = Memory[frame + 28];
        bool extended = (link & 16) == 0;
        if (extended)
        {
            if (Lspact)
            {
                Lspact = false;
            }
            else
            {
                for (int i = 0; i < 16; i++)
                    S[i] = Memory[frame + 32 + (4 * (uint)i)];
                Fpscr = Memory[frame + 96];
            }
        }

        uint size = extended ? 0x68u : 0x20;
        uint pointer = (frame + size) | ((xpsr & 0x200) != 0 ? 4u : 0);
        if (thread && (link & 4) != 0)
            Psp = pointer;
        else
            Msp = pointer;
        Xpsr = xpsr & ~0x200u;
        Fpca = extended;
        if (thread)
            Spsel = (link & 4) != 0;
        bool handler = Ipsr != 0;
        if (handler == thread)
        {
            Fault();
            if (LockedUp)
                return;
            Push();
            Take(Highest(), 0xf000_0000 | (link & 0x0fff_ffff));
        }
    }

    private void Fault()
    {
        Invpc = true;
        if (UsageFaultEnabled && Priorities[UsageFault] < Execution)
        {
            Pending.Add(UsageFault);
        }
        else if (Execution > -1)
        {
            Forced = true;
            Pending.Add(HardFault);
        }
        else
        {
            LockedUp = true;
        }
    }

    private int Highest() => Pending.Where(n => Priorities[n] < Execution).OrderBy(n => (Priorities[n], n)).FirstOrDefault();

    private void Push()
    {
        bool process = Ipsr == 0 && Spsel;
        uint sp = process ? Psp : Msp, frame = (sp - (Fpca ? 0x68u : 0x20)) & ~4u;
        uint xpsr = Xpsr | ((sp & 4) != 0 ? 0x200u : 0);
        uint[] words = [R[0], R[1], R[2], R[3], R[12], Lr, Pc, xpsr];
        for (int i = 0; i < 8; i++)
            Memory[frame + (4 * (uint)i)] = words[i];
        if (Fpca && Lspen)
            (Lspact, Fpcar) = (true, frame + 32);
        if (Fpca && !Lspen)
        {
            for (int i = 0; i < 16; i++)
                Memory[frame + 32 + (4 * (uint)i)] = S[i];
            Memory[frame + 96] = Fpscr;
        }

        if (process)
            Psp = frame;
        else
            Msp = frame;
    }

    private void Take(int number, uint link)
    {
        Pending.Remove(number);
        Active.Add(number);
        Lr = link;
        Pc = 0x8000 + (16 * (uint)number);
        Xpsr = (Xpsr & 0xf80f_0000) | (uint)number | (1 << 24);
        Spsel = false;
        Fpca = false;
    }
}
