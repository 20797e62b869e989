return CustomDevice.Sample.Run(Console.Out);
