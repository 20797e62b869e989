using Emulation.Arm;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Arm;

/// <summary>Brings calls of Arm CPUs of every profile to <see cref="Semihosting"/>.</summary>
internal sealed class ArmSemihosting : IArmSemihosting, IArmMSemihosting
{
    private readonly AddressSpace _memory;
    private readonly Semihosting _host;
    private readonly bool _userMode;

    public ArmSemihosting(Semihosting host, IEnumerable<IVirtualCpu> cpus, AddressSpace memory, bool userMode)
    {
        (_host, _memory, _userMode) = (host, memory, userMode);
        var wakers = new Dictionary<int, Action>();
        foreach (IVirtualCpu cpu in cpus)
        {
            switch (cpu)
            {
                case ArmCpu application:
                    application.Semihosting = this;
                    wakers.Add(application.Index, application.WakeFromHost);
                    break;
                case ArmMCpu microcontroller:
                    microcontroller.Semihosting = this;
                    wakers.Add(microcontroller.Index, microcontroller.WakeFromHost);
                    break;
            }
        }

        host.InputReady += index => wakers.GetValueOrDefault(index)?.Invoke();
    }

    public bool HandleCall(ArmCpu cpu) => Handle(new ApplicationCaller(cpu), cpu.ExceptionLevel > 0, cpu.WaitForHost);

    public bool HandleCall(ArmMCpu cpu) => Handle(new MicrocontrollerCaller(cpu), cpu.IsPrivileged, cpu.WaitForHost);

    private bool Handle(ISemihostingCaller caller, bool privileged, Action wait)
    {
        if (!privileged && !_userMode)
            return false;
        _memory.EnterDeviceLock();
        try
        {
            if (_host.Call(caller) == SemihostingResult.Waits)
                wait();
            return true;
        }
        finally
        {
            _memory.DeviceLock.Exit();
        }
    }

    private sealed class ApplicationCaller(ArmCpu cpu) : ISemihostingCaller
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

    private sealed class MicrocontrollerCaller(ArmMCpu cpu) : ISemihostingCaller
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
