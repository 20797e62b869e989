using Emulation.Core;

namespace Emulation.Devices;

/// <content>The slave. The clock is not stretched: a byte that comes while the one before was not taken is refused, and what was not prepared in time is the byte before.</content>
public sealed partial class StellarisI2c
{
    private const uint ReceiveRequest = 1, TransmitRequest = 2, FirstByte = 4;
    private BitField _own = null!, _slaveMask = null!;
    private byte _slaveData;
    private uint _slaveStatus;
    private bool _slaveActive, _slaveRaw, _first;

    /// <summary>The slave at the bus. It acknowledges while the address is the guest's and DA and SFE are set.</summary>
    public II2cTarget Target => _target ??= new Slave(this);

    private Slave? _target;

    private bool SlaveInterrupt => _slaveRaw && _slaveMask.Value != 0;

    private void DefineSlave()
    {
        Registers.Define(0x800, "I2CSOAR").Bits(6, 0, "OAR", out _own).Ignored(31, 7);
        Registers.Define(0x804, "I2CSCSR").Bits(2, 0, "FBR, TREQ, RREQ; DA", read: () => _slaveStatus, write: v => _slaveActive = (v & 1) != 0).Ignored(31, 3);
        Registers.Define(0x808, "I2CSDR").Bits(7, 0, "DATA", read: TakeSlaveData, write: v => (_slaveData, _slaveStatus) = ((byte)v, _slaveStatus & ~TransmitRequest)).Ignored(31, 8);
        Registers.Define(0x80c, "I2CSIMR").Bits(0, 0, "DATAIM", out _slaveMask).Ignored(31, 1).Then(Update);
        Registers.Define(0x810, "I2CSRIS", access: RegisterAccess.ReadOnly).Flag(0, "DATARIS", FieldMode.ReadOnly, read: () => _slaveRaw).Reserved(31, 1);
        Registers.Define(0x814, "I2CSMIS", access: RegisterAccess.ReadOnly).Flag(0, "DATAMIS", FieldMode.ReadOnly, read: () => SlaveInterrupt).Reserved(31, 1);
        Registers.Define(0x818, "I2CSICR", access: RegisterAccess.WriteOnly).Flag(0, "DATAIC", FieldMode.WriteOnly, write: v => _slaveRaw &= !v).Ignored(31, 1).Then(Update);
    }

    private ulong TakeSlaveData()
    {
        _slaveStatus &= ~(ReceiveRequest | FirstByte);
        return _slaveData;
    }

    private void ResetSlave() => (_slaveData, _slaveStatus, _slaveActive, _slaveRaw, _first) = (0, 0, false, false, false);

    private void SaveSlave(StateWriter writer)
    {
        writer.Write(_slaveData);
        writer.Write(_slaveStatus);
        writer.Write(_slaveActive);
        writer.Write(_slaveRaw);
        writer.Write(_first);
    }

    private void LoadSlave(StateReader reader)
    {
        _slaveData = reader.ReadByte();
        _slaveStatus = reader.ReadUInt32() & 7;
        _slaveActive = reader.ReadBoolean();
        _slaveRaw = reader.ReadBoolean();
        _first = reader.ReadBoolean();
    }

    private void Request(uint status)
    {
        _slaveStatus |= status;
        _slaveRaw = true;
        Update();
    }

    private sealed class Slave(StellarisI2c module) : II2cTarget
    {
        public I2cAck Start(int address, I2cDirection direction)
        {
            if (!module._slaveActive || !module._slaveOn.Value || (ulong)address != module._own.Value)
                return false;
            module._first = true;
            if (direction == I2cDirection.Read)
                module.Request(TransmitRequest);
            return true;
        }

        public I2cAck Write(byte value)
        {
            // the byte before was not taken
            if ((module._slaveStatus & ReceiveRequest) != 0)
                return false;
            module._slaveData = value;
            module.Request(ReceiveRequest | (module._first ? FirstByte : 0));
            module._first = false;
            return true;
        }

        public I2cByte Read() => module._slaveData;

        public void ReadDone(bool acknowledged)
        {
            if (acknowledged)
                module.Request(TransmitRequest);
        }
    }
}
