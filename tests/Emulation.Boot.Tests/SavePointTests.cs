using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Boot.Tests;

/// <summary>A boot that is saved at a random instruction and goes on in another process, on another engine, is the same boot.</summary>
[TestFixture]
[Category("Boot")]
[Parallelizable(ParallelScope.Self)]
public sealed class SavePointTests
{
    private readonly Dictionary<GuestSetup, BootOutcome> _whole = [];

    /// <summary>Seeds of the long version: EMULATION_SEEDS says how many.</summary>
    public static IEnumerable<int> Seeds => Enumerable.Range(1000, int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "12"));

    [TestCase(Firmware.BuiltIn, 4, false, EngineKind.Jit, EngineKind.Tier0, 1)]
    [TestCase(Firmware.FwDynamic, 1, true, EngineKind.Tier0, EngineKind.Jit, 2)]
    public void Goes_on_in_another_process(Firmware firmware, int harts, bool disk, EngineKind first, EngineKind second, int seed)
        => Check(new GuestSetup(firmware, harts, disk), first, second, new Random(seed), seed);

    /// <summary>The long version, for development: the seed decides the setup and the engines, too.</summary>
    [TestCaseSource(nameof(Seeds))]
    [Explicit]
    [Category("Matrix")]
    public void Goes_on_in_another_process_from_many_places(int seed)
    {
        var random = new Random(seed);

        // twelve seeds in a row have every setup
        var setup = new GuestSetup((Firmware)(seed % 3), seed / 3 % 2 == 0 ? 1 : 4, seed / 6 % 2 == 0);
        EngineKind[] engines = Enum.GetValues<EngineKind>();
        random.Shuffle(engines);
        Check(setup, engines[0], engines[1], random, seed);
    }

    private void Check(GuestSetup setup, EngineKind first, EngineKind second, Random random, int seed)
    {
        BootOutcome whole = Whole(setup);
        ulong point = (ulong)random.NextInt64(1, (long)whole.End!.Instructions);
        string why = $"seed {seed}: {setup} saved after {point} instructions on {first} goes on, on {second}";
        TestContext.Out.WriteLine(why);
        string state = Path.Combine(Path.GetTempPath(), $"emulation-{Guid.NewGuid():n}.state");
        try
        {
            string prefix = SaveAt(point, new BootCase(setup, first, TimeMode.Deterministic), state, why);

            // to the marker where none of it has been sent, else to power-off
            int marker = whole.Console.IndexOf(Guest.Marker, StringComparison.Ordinal);
            bool toMarker = prefix.Length <= marker;
            EmuProcess rest = EmuProcess.GoOn(state, setup, second, toMarker ? Guest.Marker : null);
            int length = toMarker ? marker + Guest.Marker.Length : whole.Console.Length;
            (prefix + rest.Console).Should().Be(whole.Console[..length], why);
            rest.Place.Should().Be(toMarker ? whole.Marker : whole.End, why);
        }
        finally
        {
            File.Delete(state);
        }
    }

    private static string SaveAt(ulong point, BootCase boot, string file, string why)
    {
        using Boot run = Boot.Prepare(boot);
        RunResult result = run.Machine.Run(point);
        (result.Reason, result.Instructions).Should().Be((StopReason.InstructionLimit, point), why);
        using FileStream stream = File.Create(file);
        run.Machine.Save(stream);
        return run.Console;
    }

    private BootOutcome Whole(GuestSetup setup)
    {
        if (!_whole.TryGetValue(setup, out BootOutcome? outcome))
            _whole[setup] = outcome = Boot.Complete(new BootCase(setup, EngineKind.Jit, TimeMode.Deterministic));
        return outcome;
    }
}
