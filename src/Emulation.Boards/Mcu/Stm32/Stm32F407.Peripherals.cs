using Emulation.Arm;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <content>Communication, timers and DMA; low-power modes.</content>
public sealed partial class Stm32F407
{
    private readonly Dictionary<string, SerialPort> _serialPorts = [];

    /// <summary>The host's ends of the serial ports by name, such as <c>USART2</c>.</summary>
    public IReadOnlyDictionary<string, SerialPort> SerialPorts => _serialPorts;

    // What other steps connected is known now.
    internal void Complete(SerialLines serial)
    {
        AddUsarts(serial);
        AddTimers();
        AddDma();
        Stm32F407Pins.Connect(Ports, _signals);
        Cpu.SleepChanged += OnSleep;
        System.ResetRequested += OnReset;
        _context.Memory.MissingName = Stm32F407Map.MissingName;
    }

    // The devices are reset; the last things that the reset of the hardware does.
    internal void CompleteReset()
    {
        System.CompleteReset();
        Iwdg.StartByOption();
    }

    private void AddUsarts(SerialLines serial)
    {
        var usarts = new List<Stm32Usart>();
        foreach ((string name, ulong address) in Stm32F407Map.Usarts)
        {
            SerialPort port = serial.Take(SerialIndex(name), name, _context);
            _serialPorts.Add(name, port);
            var options = new Stm32UsartOptions { Synchronous = name.StartsWith("USART", StringComparison.Ordinal) };
            Stm32Usart usart = _context.AddDevice(address, new Stm32Usart(name, port, _context.Log, _context.Clock, Clocks.Gate(name), options));
            Connect(name, usart.Irq);
            Rcc.OnReset(name, usart.Reset);
            _requests.AddRange([usart.ReceiveRequest, usart.TransmitRequest]);
            _signals.AddRange([usart.ClearToSend, usart.RequestToSend]);
            usarts.Add(usart);
        }

        Usarts = usarts;
    }

    /// <summary>Which of the board's serial lines a port is: USART2, which boards lead out as their console, is the first.</summary>
    private static int SerialIndex(string name) => name switch { "USART2" => 0, "USART1" => 1, "USART3" => 2, "UART4" => 3, "UART5" => 4, _ => 5 };

    private void AddControllers()
    {
        (VirtualClock clock, GuestLog log) = (_context.Clock, _context.Log);
        var spis = new Stm32Spi[3];
        var i2cs = new Stm32I2c[3];
        for (int i = 0; i < 3; i++)
        {
            string spi = $"SPI{i + 1}", i2c = $"I2C{i + 1}";
            spis[i] = _context.AddDevice(Stm32F407Map.Spis[i], new Stm32Spi(spi, SpiBuses[i], log, clock, Clocks.Gate(spi), i == 0 ? null : Clocks.I2s));
            i2cs[i] = _context.AddDevice(Stm32F407Map.I2cs[i], new Stm32I2c(i2c, I2cBuses[i], log, clock, Clocks.Gate(i2c)));
            Connect(spi, spis[i].Irq);
            Connect($"{i2c}_EV", i2cs[i].EventIrq);
            Connect($"{i2c}_ER", i2cs[i].ErrorIrq);
            Rcc.OnReset(spi, spis[i].Reset);
            Rcc.OnReset(i2c, i2cs[i].Reset);
            _signals.Add(spis[i].Select);
            _requests.AddRange([spis[i].ReceiveRequest, spis[i].TransmitRequest, i2cs[i].ReceiveRequest, i2cs[i].TransmitRequest]);
        }

        (Spis, I2cs) = (spis, i2cs);
        Stm32Can first = _context.AddDevice(Stm32F407Map.Can1, new Stm32Can("CAN1", CanBuses[0], log, clock, Clocks.Gate("CAN1")));
        Cans = [first, _context.AddDevice(Stm32F407Map.Can2, new Stm32Can("CAN2", CanBuses[1], log, clock, Clocks.Gate("CAN2"), first))];
        foreach (Stm32Can can in Cans)
        {
            Connect($"{can.Name}_TX", can.TransmitIrq);
            Connect($"{can.Name}_RX0", can.ReceiveIrq0);
            Connect($"{can.Name}_RX1", can.ReceiveIrq1);
            Connect($"{can.Name}_SCE", can.StatusIrq);
            Rcc.OnReset(can.Name, can.Reset);
        }
    }

    private void AddTimers()
    {
        var timers = new Stm32Timer[Stm32F407Map.Timers.Count];
        for (int i = 0; i < timers.Length; i++)
        {
            int number = i + 1;
            string name = $"TIM{number}";
            Stm32TimerOptions options = number switch
            {
                1 or 8 => Stm32TimerOptions.Advanced,
                2 => Stm32TimerOptions.General32 with { OptionMask = 0xc00 },
                5 => Stm32TimerOptions.General32 with { OptionMask = 0xc0 },
                3 or 4 => Stm32TimerOptions.General16,
                6 or 7 => Stm32TimerOptions.Basic,
                9 or 12 => Stm32TimerOptions.TwoChannels,
                11 => Stm32TimerOptions.OneChannel with { OptionMask = 3 },
                _ => Stm32TimerOptions.OneChannel,
            };
            timers[i] = _context.AddDevice(Stm32F407Map.Timers[i], new Stm32Timer(name, _context.Log, _context.Clock, Clocks.TimerGate(name), options));
            Rcc.OnReset(name, timers[i].Reset);
            _requests.AddRange(timers[i].DmaRequests);
            _signals.AddRange(timers[i].Signals);
        }

        Timers = timers;
        AddAnalog();
        ConnectTimers(t => timers[t - 1]);
    }

    private void ConnectTimers(Func<int, Stm32Timer> timer)
    {
        IrqLine[] All(int number) => [timer(number).UpdateIrq, timer(number).CompareIrq, timer(number).TriggerIrq, timer(number).BreakIrq];
        Connect("TIM1_BRK_TIM9", [timer(1).BreakIrq, .. All(9)]);
        Connect("TIM1_UP_TIM10", [timer(1).UpdateIrq, .. All(10)]);
        Connect("TIM1_TRG_COM_TIM11", [timer(1).TriggerIrq, .. All(11)]);
        Connect("TIM1_CC", timer(1).CompareIrq);
        Connect("TIM8_BRK_TIM12", [timer(8).BreakIrq, .. All(12)]);
        Connect("TIM8_UP_TIM13", [timer(8).UpdateIrq, .. All(13)]);
        Connect("TIM8_TRG_COM_TIM14", [timer(8).TriggerIrq, .. All(14)]);
        Connect("TIM8_CC", timer(8).CompareIrq);
        Connect("TIM6_DAC", [.. All(6), Dac.Irq]);
        foreach (int number in (int[])[2, 3, 4, 5, 7])
            Connect($"TIM{number}", All(number));

        // RM0090 tables 93, 97 and 101: which timers trigger which
        (int Timer, int[] Sources)[] triggers = [(1, [5, 2, 3, 4]), (8, [1, 2, 4, 5]), (2, [1, 8, 3, 4]), (3, [1, 2, 5, 4]), (4, [1, 2, 3, 8]), (5, [2, 3, 4, 8])];
        foreach ((int number, int[] sources) in triggers)
        {
            for (int i = 0; i < sources.Length; i++)
                timer(number).ConnectTrigger(i, timer(sources[i]).TriggerOutput);
        }

        (int Timer, Stm32Trigger[] Sources)[] small =
        [
            (9, [timer(2).TriggerOutput, timer(3).TriggerOutput, timer(10).CompareTrigger(1), timer(11).CompareTrigger(1)]),
            (12, [timer(4).TriggerOutput, timer(5).TriggerOutput, timer(13).CompareTrigger(1), timer(14).CompareTrigger(1)]),
        ];
        foreach ((int number, Stm32Trigger[] sources) in small)
        {
            for (int i = 0; i < sources.Length; i++)
                timer(number).ConnectTrigger(i, sources[i]);
        }
    }

    private void AddAnalog()
    {
        ClockSignal[] units = [Clocks.Gate("ADC1"), Clocks.Gate("ADC2"), Clocks.Gate("ADC3")];
        Adc = _context.AddDevice(Stm32F407Map.Adc, new Stm32Adc("ADC", _context.Log, _context.Clock, units));
        Dac = _context.AddDevice(Stm32F407Map.Dac, new Stm32Dac("DAC", _context.Log, _context.Clock, Clocks.Gate("DAC")));
        Rcc.OnReset("ADC1", Adc.Reset);
        Rcc.OnReset("DAC", Dac.Reset);
        Connect("ADC", Adc.Irq);
        _requests.AddRange([.. Adc.DmaRequests, .. Dac.DmaRequests]);

        // DS8626 table 7: converters 1 and 2 share their pins, 3 has some of them
        string[] pins = ["PA0", "PA1", "PA2", "PA3", "PA4", "PA5", "PA6", "PA7", "PB0", "PB1", "PC0", "PC1", "PC2", "PC3", "PC4", "PC5"];
        for (int channel = 0; channel < pins.Length; channel++)
        {
            for (int unit = 1; unit <= (channel is < 4 or (>= 10 and < 14) ? 3 : 2); unit++)
                Adc.Connect(unit, channel, Pins[pins[channel]]);
        }

        Dac.Connect(1, Pins["PA4"]);
        Dac.Connect(2, Pins["PA5"]);
        ConnectTriggers();
    }

    private void ConnectTriggers()
    {
        var sources = new Dictionary<string, Stm32Trigger>();
        for (int number = 1; number <= 8; number++)
        {
            sources.Add($"TIM{number}_TRGO", Timers[number - 1].TriggerOutput);
            for (int channel = 1; channel <= (number is 6 or 7 ? 0 : 4); channel++)
                sources.Add($"TIM{number}_CC{channel}", Timers[number - 1].CompareTrigger(channel));
        }

        foreach (int line in (int[])[9, 11, 15])
        {
            var trigger = new Stm32Trigger($"EXTI{line}");
            sources.Add(trigger.Name, trigger);
            Exti.LinesTriggered += lines =>
            {
                if ((lines >> line & 1) != 0)
                    trigger.Pulse();
            };
        }

        for (int i = 0; i < 16; i++)
        {
            Adc.ConnectTrigger(i, injected: false, sources[Stm32F4Triggers.AdcRegular[i]]);
            Adc.ConnectTrigger(i, injected: true, sources[Stm32F4Triggers.AdcInjected[i]]);
        }

        for (int i = 0; i < Stm32F4Triggers.Dac.Count; i++)
            Dac.ConnectTrigger(i, sources[Stm32F4Triggers.Dac[i]]);
    }

    private void AddDma()
    {
        var controllers = new Stm32Dma[2];
        for (int i = 0; i < controllers.Length; i++)
        {
            string name = $"DMA{i + 1}";
            controllers[i] = _context.AddDevice(i == 0 ? Stm32F407Map.Dma1 : Stm32F407Map.Dma2,
                new Stm32Dma(name, _context.Log, _context.Clock, Clocks.Gate(name), _context.Memory, memoryToMemory: i == 1)
                {
                    PeripheralReach = i == 0 ? Stm32F407Map.Dma1Peripherals : Stm32F407Map.BusMatrix,
                    MemoryReach = Stm32F407Map.BusMatrix,
                });
            controllers[i].Connect(i == 0 ? Stm32F4DmaRequests.Dma1 : Stm32F4DmaRequests.Dma2, _requests);
            Rcc.OnReset(name, controllers[i].Reset);
            for (int stream = 0; stream < 8; stream++)
                Connect($"{name}_Stream{stream}", controllers[i].Irq(stream));
        }

        Dmas = controllers;
    }

    // 5.3: deep sleep is Stop or Standby mode, whose entry the option bytes may forbid
    private void OnSleep(ArmMSleep sleep)
    {
        bool deep = sleep == ArmMSleep.Deep;
        if (!deep)
        {
            if (Pwr.Mode != Stm32LowPowerMode.Run && !System.KeepsBackup)
            {
                Rcc.LeaveStop();
                Pwr.Leave();
            }

            return;
        }

        Stm32LowPowerMode mode = Pwr.DeepSleep;
        if (mode == Stm32LowPowerMode.Standby ? Flash.ResetsOnStandby : Flash.ResetsOnStop)
        {
            System.RequestReset(Stm32ResetCause.LowPower);
            return;
        }

        Rcc.EnterStop();
        Pwr.Enter(mode);
    }

    // 5.3.5: the wake-up pin and the RTC; what wakes the device resets it
    private void WakeFromStandby(bool happens)
    {
        if (!happens || Pwr.Mode != Stm32LowPowerMode.Standby)
            return;
        Pwr.WakeUp();
        System.RequestReset(Stm32ResetCause.None);
    }

    // 5.3.5: what is in the 1.2 V domain is lost; whatever ends Standby mode is a reset
    private void OnReset()
    {
        if (Pwr.Mode != Stm32LowPowerMode.Standby)
            return;
        foreach (RamBlock ram in (RamBlock[])[Sram1, Sram2, Ccm])
            ram.Write(0, new byte[ram.Size]);
    }
}
