using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A PS/2 keyboard of 101 or more keys that speaks scan code set 2.</summary>
public sealed class Ps2Keyboard : Ps2Device
{
    private const byte SetIndicators = 0xed, Echo = 0xee, SelectSet = 0xf0, Identify = 0xf2, SetRate = 0xf3, Enable = 0xf4, DefaultAndDisable = 0xf5,
        Default = 0xf6, AllKeysFirst = 0xf7, AllKeysLast = 0xfa, KeyTypeFirst = 0xfb, KeyTypeLast = 0xfd, ResetCommand = 0xff;

    private const byte DefaultRate = 0x2b, Break = 0xf0, ScanSet = 2, Overrun = 0x00;
    private byte _rate = DefaultRate;

    /// <summary>Creates a keyboard that reports keys, as they do from power-on.</summary>
    public Ps2Keyboard() : base(reportsAtFirst: true) { }

    /// <summary>The lamps: bit 0 scroll lock, 1 number lock, 2 capitals lock.</summary>
    public byte Indicators { get; private set; }

    /// <summary>Presses or releases a key. Nothing happens while the guest does not want to hear of keys.</summary>
    /// <param name="key">The key.</param>
    /// <param name="pressed">Whether it is pressed; again while it is down for each repetition.</param>
    public void SetKey(Ps2Key key, bool pressed)
    {
        if (!IsReporting)
            return;
        int prefix = (int)key >> 8;
        int length = 1 + (prefix != 0 ? 1 : 0) + (pressed ? 0 : 1);
        if (Events.Free <= length)
        {
            // the last place says that keys were lost
            if (Events.Free == 1)
                Events.Add(Overrun);
            return;
        }

        if (prefix != 0)
            Events.Add((byte)prefix);
        if (!pressed)
            Events.Add(Break);
        Events.Add((byte)key);
        Changed?.Invoke();
    }

    private protected override void WriteCommand(byte command)
    {
        switch (command)
        {
            case SetIndicators or SelectSet or SetRate: ExpectArgument(command); break;
            case Echo: Reply(Echo); break;
            case Identify: Reply(Acknowledge, 0xab, 0x83); break;
            case Enable:
                IsReporting = true;
                Reply(Acknowledge);
                break;
            case DefaultAndDisable:
                SetDefaults();
                IsReporting = false;
                Reply(Acknowledge);
                break;
            case Default:
                SetDefaults();
                Reply(Acknowledge);
                break;
            case >= AllKeysFirst and <= AllKeysLast: Reply(Acknowledge); break;         // of set 3 only
            case >= KeyTypeFirst and <= KeyTypeLast: ExpectArgument(command); break;
            case ResetCommand:
                SetDefaults();
                Events.Clear();
                IsReporting = true;
                Reply(Acknowledge, TestPassed);
                break;
            default: Refuse(); break;
        }
    }

    private protected override void WriteArgument(byte command, byte value)
    {
        switch (command)
        {
            case SetIndicators:
                Indicators = (byte)(value & 7);
                Reply(Acknowledge);
                break;
            case SetRate:
                _rate = (byte)(value & 0x7f);
                Reply(Acknowledge);
                break;
            case SelectSet when value == 0: Reply(Acknowledge, ScanSet); break;
            case SelectSet when value != ScanSet: Refuse(); break;
            default: Reply(Acknowledge); break;
        }
    }

    private protected override void ResetState() => SetDefaults();

    private void SetDefaults()
    {
        Indicators = 0;
        _rate = DefaultRate;
    }

    private protected override void SaveState(StateWriter writer)
    {
        writer.Write(Indicators);
        writer.Write(_rate);
    }

    private protected override void LoadState(StateReader reader)
    {
        Indicators = (byte)(reader.ReadByte() & 7);
        _rate = reader.ReadByte();
    }
}
