using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile.Manual;

/// <summary>
/// EXC_RETURN of every value of its low byte, from both Security states, each depth of handlers, with each set of pending exceptions and state of floating point, on Armv8-M with and without
/// Main, Security and Floating-point Extensions, compared with the pseudocode of DDI 0553 written down once more.
/// </summary>
public sealed class ReturnV8Tests
{
    private const uint Seed = 0x9e37_79b9;

    // what is active, the returning one first; 512 and more: the Secure one of two
    private static readonly int[][] s_depths =
    [
        [16], [17], [16, 17], [17, 16], [11], [523], [515], [2], [515, 16], [16, 523], [3], [2, 515], [526, 3], [],
    ];

    // 18 and 19 are Non-secure and Secure, below and above; 20 is as urgent as 16
    private static readonly int[][] s_pending = [[], [18], [19], [20], [2], [18, 19, 14, 526]];

    private static readonly uint[] s_wrong = [0xff00_00b8, 0xff7f_ffb9, 0xffff_feb8, 0xffbf_fff9];

    private static readonly (string Name, ArmMCpuModel Model)[] s_models =
    [
        ("m33", ArmMCpuModel.CortexM33),
        ("m33 without FPU", Without(ArmMCpuModel.CortexM33, f => f.ToString().StartsWith("VFP", StringComparison.Ordinal) || f == ArmFeature.HalfConversion)),
        ("m33 without TrustZone", Without(ArmMCpuModel.CortexM33, f => f == ArmFeature.SecurityExtension)),
        ("m33 with neither", Without(ArmMCpuModel.CortexM33, f => f.ToString().StartsWith("VFP", StringComparison.Ordinal) || f is ArmFeature.HalfConversion or ArmFeature.SecurityExtension)),
        ("m23", ArmMCpuModel.CortexM23),
        ("m23 without TrustZone", Without(ArmMCpuModel.CortexM23, f => f == ArmFeature.SecurityExtension)),
    ];

    private static IEnumerable<string> Models => s_models.Select(m => m.Name);

    [Test]
    public void A_slice_of_all_returns([ValueSource(nameof(Models))] string model) => Run(EngineKind.Tier0, model, 389);

    [Test]
    public void A_slice_on_the_other_engines([Values(EngineKind.Interpreter, EngineKind.Jit)] EngineKind engine) => Run(engine, "m33", 3001);

    [Test]
    [Explicit]
    public void All_returns([ValueSource(nameof(Models))] string model)
        => TestContext.Out.WriteLine($"{Run(EngineKind.Tier0, model, int.Parse(Environment.GetEnvironmentVariable("EMULATION_STRIDE") ?? "1"))} returns");

    private static int Run(EngineKind engine, string name, int stride)
    {
        using var bench = new ManualBench(engine, s_models.First(m => m.Name == name).Model);
        bench.WriteCode(0x4770);                               // bx lr
        int done = 0;
        long all = 260L * 2 * s_depths.Length * s_pending.Length * 64;
        for (long i = 0; i < all; i += stride)
        {
            ManualV8 manual = Make(bench.Arm.Model, i, out uint link);
            bench.Load(manual);
            if (bench.Arm.Exceptions.Preempts != (manual.Highest().Number != 0))
                Assert.Fail($"{name} case {i}: whether an exception preempts");
            if (manual.Highest().Number != 0)
                continue;                                      // taken before the instruction: not a return
            string before = $"{link:x8} from {manual.Ipsr} {(manual.Secure ? "Secure" : "Non-secure")}, active {Sets(manual.Active)}, pending {Sets(manual.Pending)}";
            bench.Step();
            manual.Return(link);
            done++;
            if (bench.Compare(manual) is { } differs)
                Assert.Fail($"{name} case {i}: {before}: {differs}");
        }

        return done;
    }

    private static string Sets(bool[] set) => string.Join(',', Enumerable.Range(0, set.Length).Where(n => set[n]));

    private static ManualV8 Make(ArmMCpuModel model, long number, out uint link)
    {
        ManualV8 m = ManualBench.New(model);
        long rest = number;
        int Next(int count)
        {
            int value = (int)(rest % count);
            rest /= count;
            return value;
        }

        int low = Next(260), state = Next(2);
        link = low < 256 ? 0xffff_ff00 | (uint)low : s_wrong[low - 256];
        int[] pending = s_pending[Next(s_pending.Length)], depth = s_depths[Next(s_depths.Length)];
        int floats = Next(64);
        // what is left over is drawn: masks, priorities, frames
        var random = new Random((int)(number * Seed));
        m.Secure = m.Security && state == 1;
        m.Pc = m.Secure ? ManualBench.CodeSecure : ManualBench.CodeNonSecure;
        m.Lr = link;
        SetExceptions(m, depth, pending, random);
        SetFloat(m, floats, random);
        SetMasks(m, random);
        for (int i = 0; i < m.Words.Length; i++)
            m.Words[i] = 0x100u * (uint)i;
        for (int k = 0; k < 4; k++)
        {
            uint stack = ManualV8.StackFirst + 0x200 + (0x400u * (uint)k);
            (k < 2 ? m.Msp : m.Psp)[k & 1] = stack;
            SetFrame(m, link, stack, (k & 1) == 1, depth, random);
        }

        for (int i = 0; i < 13; i++)
            m.R[i] = (uint)random.NextInt64();
        m.Flags = (uint)random.NextInt64() & (m.Dsp ? 0xf80f_0000 : m.Main ? 0xf800_0000 : 0xf000_0000);
        return m;
    }

    private static void SetExceptions(ManualV8 m, int[] depth, int[] pending, Random random)
    {
        foreach (int n in (int[])[16, 18, 20, 22])
            m.Itns[n] = true;
        foreach ((int n, int priority) in ((int, int)[])[(4, 0x30), (5, 0x30), (6, 0x20), (7, 0x10), (11, 0x60), (14, 0xe0), (16, 0x80), (17, 0x40), (18, 0xc0), (19, 0x18), (20, 0x80)])
        {
            m.Priorities[n] = m.Main || n >= 11 ? priority : 0;
            if (m.Security && n is 4 or 6 or 11 or 14)
                m.Priorities[n + ManualV8.Secured] = m.Security && (m.Main || n >= 11) ? priority : 0;
        }

        (m.Pris, m.Bfhfnmins) = m.Security ? (random.Next(2) == 0, random.Next(2) == 0) : (false, false);
        if (m.Main)
            (m.PriGroup[0], m.PriGroup[1]) = (random.Next(8), m.Security ? random.Next(8) : 0);
        int Plain(int index) => m.Security ? index : index & 511;
        foreach (int index in depth)
        {
            if (index != 3 || m.Bfhfnmins || !m.Security)
                m.Active[Plain(index)] = true;
        }

        foreach (int index in pending)
            m.Pending[Plain(index)] |= !m.Active[Plain(index)];
        m.Ipsr = depth.Length > 0 ? depth[0] & 511 : 18;
    }

    private static void SetFloat(ManualV8 m, int floats, Random random)
    {
        if (!m.Float)
            return;
        bool Bit(int bit) => (floats >> bit & 1) != 0;
        (m.Fpca, m.Lspact[0], m.Ts, m.Clronret, m.Lspen) = (Bit(0), Bit(1), m.Security && Bit(3), Bit(4), random.Next(2) == 0);
        m.Lspact[1] = m.Security && Bit(2);
        m.Sfpa = m.Security && m.Fpca && random.Next(2) == 0;
        if (Bit(5))
            (m.Cpacr[0], m.Cpacr[1], m.NsacrCp10) = (random.Next(4) switch { 0 => 0, 1 => 1, _ => 3 }, random.Next(3) switch { 0 => 0, 1 => 1, _ => 3 }, !m.Security || random.Next(2) == 0);
        for (int i = 0; i < 32; i++)
            m.S[i] = 0x3f80_0000 + (uint)i;
        m.Fpscr = 0x1000_0000;
    }

    private static void SetMasks(ManualV8 m, Random random)
    {
        for (int bank = 0; bank < (m.Security ? 2 : 1); bank++)
        {
            m.Spsel[bank] = m.IsV8 && random.Next(2) == 0;
            m.Npriv[bank] = random.Next(2) == 0;
            m.Primask[bank] = random.Next(8) == 0;
            if (!m.Main)
                continue;
            m.Faultmask[bank] = random.Next(8) == 0;
            m.Basepri[bank] = random.Next(8) == 0 ? 0x50 : 0;
            m.UsageEnabled[bank] = random.Next(2) == 0;
        }

        m.SecureEnabled = m.Main && m.Security && random.Next(2) == 0;
    }

    // a frame as this return wants it, but for one in four
    private static void SetFrame(ManualV8 m, uint link, uint stack, bool secure, int[] depth, Random random)
    {
        uint at = (stack - ManualV8.StackFirst) / 4;
        bool from = (link & 1) != 0 && (m.Secure || !m.Security);
        if (secure && (!from || (link & 0x20) == 0))
        {
            m.Words[at] = random.Next(8) == 0 ? 0xfefa_1200 : 0xfefa_125a | (m.Float ? (link >> 4) & 1 : 1);
            at += 10;
        }

        bool handler = ((link & 8) == 0) ^ (random.Next(8) == 0);
        uint number = !handler ? 0u : depth.Length > 1 ? (uint)depth[1] & 511 : 18;
        m.Words[at + 6] = 0x9000u + (uint)random.Next(2);
        m.Words[at + 7] = ((uint)random.NextInt64() & 0xf81f_0200) | (1u << 24) | number;
        m.Words[at + 24] = ((uint)random.NextInt64() & 0xf000_0000) | (uint)random.Next(4) << 22;
    }

    private static ArmMCpuModel Without(ArmMCpuModel model, Func<ArmFeature, bool> left)
        => model with { Name = model.Name + "-", Isa = new ArmIsa(Enum.GetValues<ArmFeature>().Where(f => model.Isa.Has(f) && !left(f))), SauRegions = 0 };
}
