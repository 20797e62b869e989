return SnippetEmulator.Sample.Run(Console.Out);
