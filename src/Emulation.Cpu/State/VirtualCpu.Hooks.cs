namespace Emulation.Cpu;

// Hooks on guest memory.
public abstract unsafe partial class VirtualCpu
{
    private bool AnyMemoryHooks => false;

    private bool HooksTouch(ulong page) => false;

    private void OnRead(ulong address, int size, ulong value) { }

    private void OnWrite(ulong address, int size, ulong value) { }
}
