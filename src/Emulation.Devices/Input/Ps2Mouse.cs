using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A PS/2 mouse with three buttons, and a wheel and two more buttons for a guest that knows the IntelliMouse extensions.</summary>
/// <remarks>Movement that the guest has not taken yet adds up.</remarks>
public sealed class Ps2Mouse : Ps2Device
{
    private const byte Scale1 = 0xe6, Scale2 = 0xe7, SetResolution = 0xe8, StatusRequest = 0xe9, StreamMode = 0xea, ReadData = 0xeb, EndWrap = 0xec, WrapMode = 0xee,
        RemoteMode = 0xf0, Identify = 0xf2, SetRate = 0xf3, Enable = 0xf4, Disable = 0xf5, Default = 0xf6, ResetCommand = 0xff;

    private const byte Standard = 0, Wheel = 3, FiveButtons = 4;
    private byte _id;
    private byte _resolution;
    private byte _rate;
    private byte _olderRate;
    private byte _oldestRate;
    private byte _buttons;
    private bool _scaled;
    private bool _remote;
    private bool _wraps;
    private bool _changed;
    private int _x;
    private int _y;
    private int _z;

    /// <summary>Creates a mouse at rest.</summary>
    public Ps2Mouse() : base(reportsAtFirst: false) => SetDefaults();

    /// <summary>Moves the mouse and changes its buttons. Nothing happens while the guest does not want to hear of it.</summary>
    /// <param name="x">Counts to the right.</param>
    /// <param name="y">Counts away from the user.</param>
    /// <param name="wheel">Steps of the wheel towards the user.</param>
    /// <param name="buttons">Pressed ones: bit 0 left, 1 right, 2 middle, 3 and 4 the side ones.</param>
    public void Move(int x, int y, int wheel, byte buttons)
    {
        if (!IsReporting && !_remote)
            return;
        _x = Add(_x, x);
        _y = Add(_y, y);
        _z = Add(_z, wheel);
        _changed |= _buttons != (buttons & 0x1f) || (x | y | wheel) != 0;
        _buttons = (byte)(buttons & 0x1f);
        if (IsReporting && !_remote && Events.Count == 0)
            OnEventsSent();

        static int Add(int sum, int more) => Math.Clamp(sum + Math.Clamp(more, -0x1_0000, 0x1_0000), -0x1_0000, 0x1_0000);
    }

    private protected override void OnEventsSent()
    {
        if (!_changed || _remote || !IsReporting || _wraps)
            return;
        FillPacket(static (self, value) => self.Events.Add(value));
        Changed?.Invoke();
    }

    private protected override void WriteCommand(byte command)
    {
        if (_wraps && command is not (EndWrap or ResetCommand))
        {
            Reply(command);
            return;
        }

        switch (command)
        {
            case SetResolution or SetRate: ExpectArgument(command); return;
            case Scale1 or Scale2: _scaled = command == Scale2; break;
            case StreamMode: _remote = false; break;
            case RemoteMode: _remote = true; break;
            case WrapMode or EndWrap: _wraps = command == WrapMode; break;
            case Enable: IsReporting = true; break;
            case Disable: IsReporting = false; break;
            case Default:
                SetDefaults();
                IsReporting = false;
                break;
            case StatusRequest:
                int flags = (_remote ? 0x40 : 0) | (IsReporting ? 0x20 : 0) | (_scaled ? 0x10 : 0) | ((_buttons & 1) << 2) | ((_buttons & 4) >> 1) | ((_buttons & 2) >> 1);
                Reply(Acknowledge, (byte)flags, _resolution, _rate);
                return;
            case ReadData:
                Reply(Acknowledge);
                FillPacket(static (self, value) => self.Reply(value));
                return;
            case Identify:
                Reply(Acknowledge, _id);
                return;
            case ResetCommand:
                SetDefaults();
                _id = Standard;
                IsReporting = false;
                Events.Clear();
                Reply(Acknowledge, TestPassed, Standard);
                return;
            default:
                Refuse();
                return;
        }

        Reply(Acknowledge);
    }

    private protected override void WriteArgument(byte command, byte value)
    {
        if (command == SetResolution)
        {
            _resolution = (byte)(value & 3);
        }
        else
        {
            (_oldestRate, _olderRate, _rate) = (_olderRate, _rate, value);
            // how a driver asks for more than three buttons
            if ((_oldestRate, _olderRate, _rate) == (200, 100, 80))
                _id = Wheel;
            else if ((_oldestRate, _olderRate, _rate) == (200, 200, 80))
                _id = FiveButtons;
        }

        Reply(Acknowledge);
    }

    private protected override void ResetState()
    {
        SetDefaults();
        _id = Standard;
    }

    private void SetDefaults()
    {
        (_resolution, _rate, _olderRate, _oldestRate) = (2, 100, 0, 0);
        (_scaled, _remote, _wraps, _changed) = (false, false, false, false);
        (_x, _y, _z, _buttons) = (0, 0, 0, 0);
    }

    private protected override void SaveState(StateWriter writer)
    {
        writer.Write([_id, _resolution, _rate, _olderRate, _oldestRate, _buttons]);
        writer.Write(_scaled);
        writer.Write(_remote);
        writer.Write(_wraps);
        writer.Write(_changed);
        writer.Write(_x);
        writer.Write(_y);
        writer.Write(_z);
    }

    private protected override void LoadState(StateReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        if (bytes.Length != 6)
            throw reader.Damaged("state of a mouse has a wrong length");
        (_id, _resolution, _rate, _olderRate, _oldestRate, _buttons) = (bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], (byte)(bytes[5] & 0x1f));
        _scaled = reader.ReadBoolean();
        _remote = reader.ReadBoolean();
        _wraps = reader.ReadBoolean();
        _changed = reader.ReadBoolean();
        (_x, _y, _z) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
    }

    private void FillPacket(Action<Ps2Mouse, byte> add)
    {
        int x = Math.Clamp(_x, -255, 255), y = Math.Clamp(_y, -255, 255);
        add(this, (byte)(8 | (_buttons & 7) | (x < 0 ? 0x10 : 0) | (y < 0 ? 0x20 : 0)));
        add(this, (byte)x);
        add(this, (byte)y);
        (_x, _y) = (_x - x, _y - y);
        if (_id == Standard)
        {
            _z = 0;
        }
        else
        {
            int z = _id == Wheel ? Math.Clamp(_z, -127, 127) : Math.Clamp(_z, -7, 7);
            add(this, (byte)(_id == Wheel ? z : (z & 15) | ((_buttons & 0x18) << 1)));
            _z -= z;
        }

        _changed = (_x | _y | _z) != 0;
    }
}
