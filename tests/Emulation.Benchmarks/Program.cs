using BenchmarkDotNet.Running;
using Emulation.Benchmarks;

if (args is ["tier-up"])
    TierUp.Run();
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
