using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile.Manual;

/// <summary>
/// Faults of exception entry, of reading vectors, of lazy state preservation, of exception return, and of instructions in handlers: over where stacks are, which faults are enabled, masks,
/// priorities, and what CCR ignores, compared with the manuals' pseudocode written down once more.
/// </summary>
public sealed class FaultTests
{
    private const uint Seed = 0x85eb_ca6b, Middle = 0x400, Size = ManualV8.StackBytes, ReadOnly = 0x800;
    private const int Backgrounds = 7, Stacks = 6;

    private static readonly (string Name, ArmMCpuModel Model)[] s_models =
    [
        ("v7-M", ArmMCpuModel.CortexM4F), ("v8-M main line", ArmMCpuModel.CortexM33), ("v8-M base line", ArmMCpuModel.CortexM23), ("v6-M", ArmMCpuModel.CortexM0),
    ];

    private static IEnumerable<string> Models => s_models.Select(m => m.Name);

    [Test]
    public void A_slice_of_all_faults([ValueSource(nameof(Models))] string model, [Values] ManualStep step) => Run(EngineKind.Tier0, model, step, 61);

    [Test]
    public void A_slice_on_the_other_engines([Values(EngineKind.Interpreter, EngineKind.Jit)] EngineKind engine, [Values] ManualStep step) => Run(engine, "v8-M main line", step, 997);

    [Test]
    [Explicit]
    public void All_faults([ValueSource(nameof(Models))] string model, [Values] ManualStep step)
        => TestContext.Out.WriteLine($"{Run(EngineKind.Tier0, model, step, int.Parse(Environment.GetEnvironmentVariable("EMULATION_STRIDE") ?? "1"))} cases");

    private static string Run(EngineKind engine, string name, ManualStep step, int stride)
    {
        ArmMCpuModel model = s_models.First(m => m.Name == name).Model;
        if ((step == ManualStep.Float && !model.HasFloat) || (step == ManualStep.Violation && model.MpuRegions == 0))
            return "no";
        using var bench = new ManualBench(engine, model);
        bench.WriteCode(ManualV8.CodeOf(step));
        int done = 0, lockups = 0;
        const int All = 2 * Backgrounds * Stacks * 4 * 16 * 4 * 8 * 2;
        for (int i = 0; i < All; i += stride)
        {
            ManualV8 manual = Make(model, step, i);
            if (step != ManualStep.Interrupt && manual.Highest().Number != 0)
                continue;
            string before = $"{step} in {manual.Ipsr} {(manual.Secure ? "Secure" : "Non-secure")}, MSP {manual.Msp[manual.Secure ? 1 : 0]:x} PSP {manual.Psp[manual.Secure ? 1 : 0]:x}, priority {manual.ExecutionPriority()}, pending {manual.Highest()}";
            bench.Load(manual);
            bench.Step();
            manual.Execute(step);
            done++;
            lockups += manual.LockedUp ? 1 : 0;
            if (bench.Compare(manual) is { } differs)
                Assert.Fail($"{name} case {i}: {before}: {differs}");
        }

        return $"{done}, {lockups} of them lockups:";
    }

    private static ManualV8 Make(ArmMCpuModel model, ManualStep step, int number)
    {
        ManualV8 m = ManualBench.New(model);
        int rest = number;
        int Next(int count)
        {
            int value = rest % count;
            rest /= count;
            return value;
        }

        int state = Next(2), background = Next(Backgrounds), stack = Next(Stacks), vectors = Next(4), enabled = Next(16), masks = Next(4), ignored = Next(8), saved = Next(2);
        var random = new Random((int)(number * Seed) ^ (int)step);
        m.Secure = m.Security && state == 1;
        m.Pc = m.Secure ? ManualBench.CodeSecure : ManualBench.CodeNonSecure;
        int bank = m.Secure ? 1 : 0;
        SetPriorities(m, random);
        SetBackground(m, background, step, model.HasUnprivileged, random);
        (m.NoVectors[0], m.NoVectors[1]) = ((vectors & 1) != 0 && random.Next(3) == 0, m.Security && (vectors & 2) != 0 && random.Next(3) == 0);
        SetControls(m, enabled, masks, ignored, random);
        for (int i = 0; i < m.Words.Length; i++)
            m.Words[i] = 0x100u * (uint)i;
        for (int i = 0; i < 13; i++)
            m.R[i] = (uint)random.NextInt64();
        m.Flags = (uint)random.NextInt64() & (m.Dsp ? 0xf80f_0000 : m.Main ? 0xf800_0000 : 0xf000_0000);
        SetStacks(m, model, step, stack, bank, random);
        SetFloat(m, step, saved == 1, random);
        if (step is ManualStep.BusError)
            m.R[1] = 0x6000_0000;
        if (step == ManualStep.Violation)
            m.R[1] = m.ReadOnly.First + 0x1f0;
        m.Lr = step == ManualStep.Return ? Link(m, random) : (uint)random.NextInt64();
        if (step == ManualStep.Interrupt)
            SetPending(m, random);
        return m;
    }

    private static void SetPriorities(ManualV8 m, Random random)
    {
        m.Itns[16] = m.Itns[18] = true;
        (m.Pris, m.Bfhfnmins) = m.Security ? (random.Next(2) == 0, random.Next(2) == 0) : (false, false);
        foreach (int n in (int[])[4, 5, 6, 7, 11, 16, 17, 18, 19])
        {
            if ((!m.Main && n < 11) || (n == 7 && !m.Security))
                continue;
            m.Priorities[n] = n is 18 or 19 ? 0x80 : 0x20 * random.Next(1, 7);
            if (m.Security && n is 4 or 6 or 11)
                m.Priorities[n + ManualV8.Secured] = m.Security ? 0x20 * random.Next(1, 7) : 0;
        }
    }

    // Thread mode with each stack, a handler, SVCall, HardFault, NMI
    private static void SetBackground(ManualV8 m, int background, ManualStep step, bool unprivileged, Random random)
    {
        int bank = m.Secure ? 1 : 0;
        if (step == ManualStep.Return && background < 3)
            background = 3;
        m.Spsel[bank] = background is 1 or 2;
        m.Npriv[bank] = background == 2 && unprivileged;
        m.Ipsr = background switch { < 3 => 0, 3 => m.Secure || !m.Security ? 19 : 18, 4 => ManualV8.SvCall, 5 => ManualV8.HardFault, _ => ManualV8.Nmi };
        if (m.Security && background == 5 && !m.Secure)
            m.Bfhfnmins = true;
        if (m.Security && background == 6)
            m.Bfhfnmins = !m.Secure;
        if (m.Ipsr != 0)
            m.Active[m.Index(m.Ipsr, m.Secure)] = true;
        if (step == ManualStep.Return && random.Next(2) == 0)
            m.Active[21] = true;
        m.Priorities[21] = 0xe0;
    }

    private static void SetControls(ManualV8 m, int enabled, int masks, int ignored, Random random)
    {
        for (int bank = 0; bank < (m.Security ? 2 : 1); bank++)
        {
            m.Primask[bank] = masks == 1 && random.Next(2) == 0;
            if (!m.Main)
                continue;
            m.Faultmask[bank] = masks == 2 && random.Next(2) == 0;
            m.Basepri[bank] = masks == 3 ? 0x20 * random.Next(4) : 0;
            (m.MemEnabled[bank], m.UsageEnabled[bank]) = ((enabled & 1) != 0, (enabled & 2) != 0);
            (m.Bfhfnmign[bank], m.Stkofhfnmign[bank]) = ((ignored & 1) != 0, (ignored & 2) != 0 && m.IsV8);
        }

        (m.BusEnabled, m.SecureEnabled) = (m.Main && (enabled & 4) != 0, m.Main && m.Security && (enabled & 8) != 0);
        m.ProtectsUrgent = (ignored & 4) != 0;
        m.StackAlign = m.IsV8 || !m.Main || random.Next(2) == 0;
    }

    private static void SetStacks(ManualV8 m, ArmMCpuModel model, ManualStep step, int stack, int bank, Random random)
    {
        for (int k = 0; k < 2; k++)
            (m.Msp[k], m.Psp[k]) = (ManualV8.StackFirst + Middle + 0x80 + (0x200u * (uint)k), ManualV8.StackFirst + ReadOnly + 0x500 + (0x200u * (uint)k));
        if ((stack == 4 || step == ManualStep.Violation) && model.MpuRegions > 0)
            m.ReadOnly = (ManualV8.StackFirst + ReadOnly, ManualV8.StackFirst + ReadOnly + 0x3ff);
        uint place = stack switch
        {
            1 => ManualV8.StackFirst + 0x10,
            2 => ManualV8.StackFirst + 0x30,
            3 => ManualV8.StackFirst - 0x800,
            4 => ManualV8.StackFirst + ReadOnly + 0x10 + (0x10u * (uint)random.Next(3)),
            _ => ManualV8.StackFirst + Middle + 0x80,
        };
        if (step == ManualStep.Return)
        {
            place = stack switch { 1 => ManualV8.StackFirst + Size - 0x10, 2 => ManualV8.StackFirst + Size - 0x30, 3 => ManualV8.StackFirst + Size + 0x800, _ => place };
            (m.Msp[0], m.Psp[0], m.Msp[1], m.Psp[1]) = random.Next(3) == 0 ? (m.Msp[0], place, m.Msp[1], place) : (place, m.Psp[0], place, m.Psp[1]);
            return;
        }

        if (random.Next(2) == 0)
            place += 4;
        bool process = m.Spsel[bank];
        (process ? m.Psp : m.Msp)[bank] = place;
        if (stack == 5 && m.IsV8)
            (process ? m.PspLimit : m.MspLimit)[bank] = (place - (8u << random.Next(5))) & ~7u;
        if (!m.Main && bank == 0)
            m.PspLimit[0] = m.MspLimit[0] = 0;
    }

    private static void SetFloat(ManualV8 m, ManualStep step, bool saved, Random random)
    {
        if (!m.Float)
            return;
        for (int i = 0; i < 32; i++)
            m.S[i] = 0x3f80_0000 + (uint)i;
        (m.Fpscr, m.Lspen, m.Ts) = (0x1000_0000, random.Next(2) == 0, m.Security && random.Next(2) == 0);
        m.Fpca = saved && step != ManualStep.Return;
        m.Sfpa = m.Fpca && m.Secure && random.Next(2) == 0;
        if (random.Next(6) == 0)
            (m.NsacrCp10, m.Cpacr[0], m.Cpacr[1]) = (!m.Security || random.Next(2) == 0, random.Next(2) == 0 ? 1 : 3, random.Next(2) == 0 ? 1 : 3);
        if (step != ManualStep.Float)
            return;

        int bank = m.Security && random.Next(2) == 0 ? 1 : 0;
        m.Lspact[bank] = true;
        m.Fpcar[bank] = ManualV8.StackFirst + random.Next(3) switch { 0 => ReadOnly + 0x3f0, 1 => Size - 0x20, _ => Middle - 0x100 };
        m.Ready[bank] = ((uint)random.Next(8) << 4) | (m.IsV8 ? (uint)random.Next(2) << 10 : 0);
        (m.LazyUser[bank], m.LazyThread[bank], m.LimitViolated[bank]) = (random.Next(2) == 0, random.Next(2) == 0, m.IsV8 && random.Next(4) == 0);
        (m.Fpca, m.Sfpa) = (false, false);
    }

    private static void SetPending(ManualV8 m, Random random)
    {
        foreach (int n in (int[])[16, 17, ManualV8.Nmi])
            m.Pending[n] = random.Next(2) == 0 && !m.Active[n];
    }

    // a return to what the frame is of
    private static uint Link(ManualV8 m, Random random)
    {
        bool nested = m.Active[21], process = !nested && m.Psp[0] is < ManualV8.StackFirst + ReadOnly or >= ManualV8.StackFirst + Size - 0x40, extended = m.Float && random.Next(2) == 0;
        bool to = m.Secure && random.Next(2) == 0, additional = to && random.Next(2) == 0;
        uint link = m.IsV8
            ? 0xffff_ff80 | (m.Secure ? 1u : 0) | (process ? 4u : 0) | (nested ? 0 : 8u) | (extended ? 0 : 16u) | (additional ? 0 : 0x20u) | (to ? 0x40u : 0)
            : nested ? 0xffff_fff1 : process ? 0xffff_fffd : 0xffff_fff9;
        if (extended && !m.IsV8)
            link &= ~16u;
        uint at = (process ? m.Psp : m.Msp)[to ? 1 : 0] - ManualV8.StackFirst;
        if (additional && at < Size - 4)
            m.Words[at / 4] = 0xfefa_125a | (m.Float ? (link >> 4) & 1 : 1);
        at += additional ? 0x28u : 0;
        if (at < Size - 0x20)
            m.Words[(at / 4) + 7] = (1u << 24) | (nested ? 21u : 0);
        return link;
    }
}
