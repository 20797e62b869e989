using System.Numerics;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Programmable peripheral interconnect of the nRF51: events of peripherals trigger tasks of others. nRF51 Series Reference Manual, chapter 16, "PPI". Ports: 4 KiB MMIO.</summary>
public sealed class NrfPpi : NrfPeripheral
{
    private const int ChannelCount = 16;
    private const int FirstFixed = 20;
    private const int GroupCount = 4;
    private const uint Implemented = 0xfff0_ffff;
    private const ulong Timer0 = 0x4000_8000, Radio = 0x4000_1000, Rtc0 = 0x4000_b000, Ccm = 0x4000_f000;

    // channels 20 to 31 (table "Pre-programmed channels")
    private static readonly (ulong Event, ulong Task)[] s_fixed =
    [
        (Timer0 + 0x140, Radio + 0x000), (Timer0 + 0x140, Radio + 0x004), (Timer0 + 0x144, Radio + 0x010), (Radio + 0x128, Ccm + 0x000),
        (Radio + 0x100, Ccm + 0x000), (Radio + 0x104, Ccm + 0x004), (Radio + 0x104, Timer0 + 0x044), (Radio + 0x10c, Timer0 + 0x048),
        (Rtc0 + 0x140, Radio + 0x000), (Rtc0 + 0x140, Radio + 0x004), (Rtc0 + 0x140, Timer0 + 0x00c), (Rtc0 + 0x140, Timer0 + 0x000),
    ];

    private readonly Dictionary<ulong, NrfPeripheral> _peripherals = [];
    private readonly Register _enable;
    private readonly BitField _events;
    private readonly BitField _tasks;
    private readonly RegisterArray _groups;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfPpi(string name, GuestLog log)
        : base(name, log)
    {
        for (int i = 0; i < GroupCount; i++)
        {
            int group = i;
            AddTask((ulong)i * 8, $"TASKS_CHG[{i}].EN", () => _enable!.Value |= _groups![group] & Implemented);
            AddTask(((ulong)i * 8) + 4, $"TASKS_CHG[{i}].DIS", () => _enable!.Value &= ~_groups![group]);
        }

        _enable = DefineSetClear(0x504, 0x508, "CHEN", Implemented);
        Registers.Define(0x500, "CHEN").Bits(31, 0, "CHEN", read: () => _enable.Value, write: v => _enable.Value = v & Implemented);
        Registers.DefineMany(0x510, ChannelCount, 8, "CH.EEP").Bits(31, 0, "EEP", out _events);
        Registers.DefineMany(0x514, ChannelCount, 8, "CH.TEP").Bits(31, 0, "TEP", out _tasks);
        _groups = Registers.DefineMany(0x800, GroupCount, 4, "CHG").Bits(31, 20, "preprogrammed channels").Ignored(19, 16).Bits(15, 0, "channels");
    }

    /// <summary>Connects a peripheral.</summary>
    /// <param name="address">Physical address of its window.</param>
    /// <param name="peripheral">The peripheral.</param>
    public void Attach(ulong address, NrfPeripheral peripheral)
    {
        ArgumentNullException.ThrowIfNull(peripheral);
        _peripherals.Add(address, peripheral);
        peripheral.EventRaised += offset => OnEvent(address + offset);
    }

    private void OnEvent(ulong address)
    {
        for (uint left = (uint)_enable.Value; left != 0; left &= left - 1)
        {
            int channel = BitOperations.TrailingZeroCount(left);
            (ulong source, ulong task) = channel < ChannelCount ? (_events[channel], _tasks[channel]) : s_fixed[channel - FirstFixed];
            if (source == address)
                Trigger(channel, task);
        }
    }

    private void Trigger(int channel, ulong address)
    {
        const ulong WindowMask = 0xfff;
        if (!_peripherals.TryGetValue(address & ~WindowMask, out NrfPeripheral? peripheral) || !peripheral.TriggerTask(address & WindowMask))
            Log.Error(Name, $"channel {channel} triggers 0x{address:x}, where no task is");
    }
}
