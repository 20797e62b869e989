using Emulation.Cli;

return await EmuApplication.RunAsync(args, CliHost.ForProcess()).ConfigureAwait(false);
