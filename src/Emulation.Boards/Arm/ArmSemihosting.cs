using Emulation.Arm;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Arm;

/// <summary>Brings calls of Arm CPUs to <see cref="Semihosting"/>.</summary>
internal sealed class ArmSemihosting : IArmSemihosting
{
    private readonly AddressSpace _memory;
    private readonly Semihosting _host;
    private readonly bool _userMode;

    public ArmSemihosting(Semihosting host, IReadOnlyList<ArmCpu> cpus, AddressSpace memory, bool userMode)
    {
        (_host, _memory, _userMode) = (host, memory, userMode);
        foreach (ArmCpu cpu in cpus)
            cpu.Semihosting = this;
        host.InputReady += index => cpus.FirstOrDefault(c => c.Index == index)?.WakeFromHost();
    }

    public bool HandleCall(ArmCpu cpu)
    {
        if (cpu.ExceptionLevel == 0 && !_userMode)
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

    private sealed class Caller(ArmCpu cpu) : ISemihostingCaller
    {
        private readonly bool _wide = !cpu.IsAArch32;

        public int Index => cpu.Index;

        public bool Is64Bit => _wide;

        public bool IsBigEndian => cpu.IsBigEndian;

        public uint Operation => (uint)cpu["x0"];

        public ulong Parameter
        {
            get => _wide ? cpu["x1"] : (uint)cpu["x1"];
            set => cpu["x1"] = _wide ? value : (uint)value;
        }

        public void SetResult(ulong value) => cpu["x0"] = _wide ? value : (uint)value;

        public bool TryRead(ulong address, Span<byte> destination) => cpu.TryReadMemory(address, destination);

        public bool TryWrite(ulong address, ReadOnlySpan<byte> source) => cpu.TryWriteMemory(address, source);
    }
}
