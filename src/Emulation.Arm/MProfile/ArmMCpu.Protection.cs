using Emulation.Cpu;

namespace Emulation.Arm;

// The MPU and the default memory map. DDI 0403E, B3.1, B3.5.
public sealed unsafe partial class ArmMCpu
{
    // records the fault of an access that is not allowed
    private bool TryProtect(uint address, int size, MemoryAccessKind kind, int mmuIndex, out PageRights rights, out bool whole)
    {
        rights = (address >> 29) is 2 or 5 or 6 or 7 ? PageRights.Read | PageRights.Write : PageRights.All;
        whole = true;
        if ((rights & RightOf(kind)) != 0)
            return true;
        RecordException(kind == MemoryAccessKind.Fetch ? MFault.InstructionAccess : MFault.DataAccess, address);
        return false;
    }

    private static PageRights RightOf(MemoryAccessKind kind) => kind switch
    {
        MemoryAccessKind.Fetch => PageRights.Execute,
        MemoryAccessKind.Write => PageRights.Write,
        _ => PageRights.Read,
    };
}
