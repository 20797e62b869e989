namespace Emulation.Devices;

// The registers of the MAC and of the PHY behind it. LAN9220 data sheet, 5.4 and 5.5.
public sealed partial class Lan9220
{
    private const int MacControl = 1, AddressHigh = 2, AddressLow = 3, MiiAccess = 6, MiiData = 7;
    private const uint ReceiverOn = 4, MiiWrite = 2;
    private const int InternalPhy = 1;
    private const int BasicControl = 0, BasicStatus = 1, Id1 = 2, Id2 = 3, Advertisement = 4, Partner = 5, Expansion = 6, SpecialModes = 18, InterruptSource = 29, SpecialControl = 31;
    private readonly uint[] _mac = new uint[13];
    private readonly ushort[] _phy = new ushort[32];
    private bool _softReset;

    private void ResetMac()
    {
        Array.Clear(_mac);
        (_mac[MacControl], _mac[AddressHigh], _mac[AddressLow]) = (0x0004_0000, 0xffff, uint.MaxValue);
    }

    private void OnPhyReset(bool reset)
    {
        if (reset)
            ResetPhy();
    }

    // able to do everything and to negotiate, and neither link nor the end of a negotiation
    private void ResetPhy()
    {
        Array.Clear(_phy);
        (_phy[BasicControl], _phy[BasicStatus]) = (0x3000, 0x7809);
        (_phy[Id1], _phy[Id2]) = (0x0007, 0xc0c3);
        (_phy[Advertisement], _phy[Partner], _phy[SpecialModes], _phy[SpecialControl]) = (0x01e1, 0x0001, 0x00e1, 0x0040);
    }

    private void OnMacCommand(uint command)
    {
        const uint Busy = 1u << 31;
        _macCommand = command & (MacRead | 0xff);
        if ((command & Busy) == 0)
            return;
        int register = (int)(command & 0xff);
        if (register is 0 || register >= _mac.Length)
        {
            Log.Error(Name, $"the MAC has no register {register}");
            _macData = (command & MacRead) != 0 ? 0 : _macData;
        }
        else if ((command & MacRead) != 0)
        {
            _macData = _mac[register];
        }
        else
        {
            WriteMac(register, _macData);
        }
    }

    private void WriteMac(int register, uint value)
    {
        uint before = _mac[register];
        _mac[register] = value & MacMask(register);
        if (register == MacControl && (before & ~value & ReceiverOn) != 0)
        {
            _status.Value |= ReceiveStopped;
            Update();
        }
        else if (register == MiiAccess)
        {
            AccessPhy(value);
        }
    }

    // bits that are there
    private static uint MacMask(int register) => register switch
    {
        MacControl => 0x80bf_bdec,
        AddressHigh or MiiData => 0xffff,
        MiiAccess => 0xffc2,
        9 or 10 => 0xffff,
        12 => 0x0267,
        _ => uint.MaxValue,
    };

    private void AccessPhy(uint access)
    {
        int register = (int)(access >> 6 & 0x1f);
        bool present = (access >> 11 & 0x1f) == InternalPhy;
        if ((access & MiiWrite) == 0)
            _mac[MiiData] = present ? _phy[register] : 0xffffu;
        else if (present)
            WritePhy(register, (ushort)_mac[MiiData]);
    }

    private void WritePhy(int register, ushort value)
    {
        const ushort Reset = 0x8000, Restart = 0x0200;
        if (register == BasicControl && (value & Reset) != 0)
            ResetPhy();
        else if (register == BasicControl)
            _phy[register] = (ushort)(value & ~Restart & 0xff80);
        else if (register is not (BasicStatus or Id1 or Id2 or Partner or Expansion or InterruptSource))
            _phy[register] = value;
    }
}
