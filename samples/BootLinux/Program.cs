return await BootLinux.Sample.RunAsync(args, Console.Out);
