using BenchmarkDotNet.Running;
using Emulation.Benchmarks;

if (args is ["tier-up"])
    TierUp.Run();
else if (args is ["firmware-tests", .. var counts])
    FirmwareTests.Run(counts);
else if (args is ["microcontrollers", .. var seconds])
    Microcontrollers.Run(seconds);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
