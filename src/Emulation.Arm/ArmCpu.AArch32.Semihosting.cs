namespace Emulation.Arm;

// HLT #0xF000 of A32, HLT #0x3C of T32.
public sealed partial class ArmCpu
{
    private bool TrySemihosting()
    {
        const uint Narrow = 2;
        uint mode = Header.Mode;
        ulong pc = Header.Pc;
        bool thumb = (mode & A32Mode.Thumb) != 0;
        AdvanceIt();
        if (Semihosting is { } semihosting && CallOut(() =>
        {
            if (thumb)
                Header.Pc = pc + Narrow;
            return semihosting.HandleCall(this);
        }))
        {
            _stepping = false;
            return true;
        }

        SetMode(mode);
        return false;
    }
}
