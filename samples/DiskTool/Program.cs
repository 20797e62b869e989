return await DiskTool.Sample.RunAsync(args, Console.Out).ConfigureAwait(false);
