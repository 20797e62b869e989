using Emulation.Arm;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Arm;

/// <summary>Brings calls of M-profile CPUs to <see cref="Semihosting"/>.</summary>
internal sealed class ArmMSemihosting : IArmMSemihosting
{
    private readonly AddressSpace _memory;
    private readonly Semihosting _host;
    private readonly bool _userMode;

    public ArmMSemihosting(Semihosting host, IReadOnlyList<ArmMCpu> cpus, AddressSpace memory, bool userMode)
    {
        (_host, _memory, _userMode) = (host, memory, userMode);
        foreach (ArmMCpu cpu in cpus)
            cpu.Semihosting = this;
        host.InputReady += index => cpus.FirstOrDefault(c => c.Index == index)?.WakeFromHost();
    }

    public bool HandleCall(ArmMCpu cpu)
    {
        if (!cpu.IsPrivileged && !_userMode)
            return false;
        _memory.EnterDeviceLock();
        try
        {
            if (_host.Call(new Caller(cpu)) == SemihostingResult.Waits)
                cpu.WaitForHost();
            return true;
        }
        finally
        {
            _memory.DeviceLock.Exit();
        }
    }

    private sealed class Caller(ArmMCpu cpu) : ISemihostingCaller
    {
        public int Index => cpu.Index;

        public bool Is64Bit => false;

        public bool IsBigEndian => false;

        public uint Operation => cpu[ArmMRegister.R0];

        public ulong Parameter
        {
            get => cpu[ArmMRegister.R1];
            set => cpu[ArmMRegister.R1] = (uint)value;
        }

        public void SetResult(ulong value) => cpu[ArmMRegister.R0] = (uint)value;

        public bool TryRead(ulong address, Span<byte> destination) => cpu.TryReadMemory(address, destination);

        public bool TryWrite(ulong address, ReadOnlySpan<byte> source) => cpu.TryWriteMemory(address, source);
    }
}
