using System.Buffers.Binary;
using System.Numerics;
using Emulation.Core;

namespace Emulation.Devices;

// The registers of drivers from before virtio 1.0, in base address register 0. Virtio 1.2, 4.1.4.10.
public sealed partial class VirtioPci
{
    private const ushort FirstTransitionalDevice = 0x1000;
    private const int LegacyBar = 0;
    private const int LegacyHeader = 0x14, LegacyHeaderWithVectors = 0x18;

    /// <summary>Which registers the function has.</summary>
    public VirtioPciInterface Interface { get; }

    private int LegacyConfig => Msix!.IsEnabled ? LegacyHeaderWithVectors : LegacyHeader;

    // 4.1.2.1; kinds that came with virtio 1 have no such number
    private static ushort PciIdOf(VirtioDevice device, VirtioPciInterface which)
    {
        if (which == VirtioPciInterface.Modern)
            return (ushort)(FirstModernDevice + device.DeviceId);
        int place = device.DeviceId switch
        {
            1 => 0,
            2 => 1,
            5 => 2,
            3 => 3,
            8 => 4,
            4 => 5,
            9 => 9,
            _ => throw new ArgumentException($"virtio device {device.DeviceId} has no legacy interface", nameof(device)),
        };
        return (ushort)(FirstTransitionalDevice + place);
    }

    private void AddLegacyRegisters()
    {
        ulong size = BitOperations.RoundUpToPowerOf2((uint)(LegacyHeaderWithVectors + Device.ConfigLength));
        AddBar(LegacyBar, PciBarKind.Ports, new MmioRegion($"{Name}.legacy", size, new LegacyRegisters(this)) { Sizes = AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word });
    }

    private void FillLegacy(Span<byte> header)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, Device.LegacyFeatures);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x04..], (uint)Device.DriverFeatures);
        BinaryPrimitives.WriteUInt16LittleEndian(header[0x0e..], _queueSelect);
        header[0x12] = (byte)Device.Status;
        header[0x13] = _interruptStatus;
        BinaryPrimitives.WriteUInt16LittleEndian(header[0x14..], _configVector);
        ushort vector = NoVector;
        if (Selected is { } queue)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header[0x08..], (uint)(queue.DescriptorArea >> 12));
            BinaryPrimitives.WriteUInt16LittleEndian(header[0x0c..], queue.MaxSize);
            vector = _queueVectors[queue.Index];
        }

        BinaryPrimitives.WriteUInt16LittleEndian(header[0x16..], vector);
    }

    private void WriteLegacy(int offset, int size, uint value)
    {
        switch (offset, size)
        {
            case (0x04, 4): Device.WriteLegacyFeatures(value); break;
            case (0x08, 4) when Selected is { } queue: Device.PlaceLegacyQueue(queue, value); break;
            case (0x0e, 2): _queueSelect = (ushort)value; break;
            case (0x10, 2): Device.Notify(value); break;
            case (0x12, 1) when value == 0: ResetDevice(powerOn: false); break;
            case (0x12, 1): Device.WriteLegacyStatus((byte)value); break;
            case (0x14, 2): _configVector = Vector(value); break;
            case (0x16, 2) when Selected is { } queue: _queueVectors[queue.Index] = Vector(value); break;
            case (0x08, 4) or (0x16, 2): Log.Error(Name, "write to a queue that does not exist"); break;
            default: Log.Error(Name, $"write of {size} bytes to read-only or missing legacy register 0x{offset:x}"); break;
        }
    }

    private sealed class LegacyRegisters(VirtioPci owner) : IMmio
    {
        public ulong Read(ulong offset, int size)
        {
            int config = owner.LegacyConfig;
            if (offset >= (ulong)config)
                return owner.Device.ReadConfig(offset - (ulong)config, size);
            if (offset == 0x13)
                return owner.TakeInterruptStatus();
            Span<byte> header = stackalloc byte[LegacyHeaderWithVectors + 4];
            header.Clear();
            owner.FillLegacy(header);
            return BinaryPrimitives.ReadUInt32LittleEndian(header[(int)offset..]) & (uint)(ulong.MaxValue >> (64 - (8 * size)));
        }

        public void Write(ulong offset, int size, ulong value)
        {
            int config = owner.LegacyConfig;
            if (offset >= (ulong)config)
                owner.Device.WriteConfig(offset - (ulong)config, size, value);
            else
                owner.WriteLegacy((int)offset, size, (uint)value);
        }
    }
}
