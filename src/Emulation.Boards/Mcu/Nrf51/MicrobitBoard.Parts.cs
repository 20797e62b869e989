using Emulation.Core;

namespace Emulation.Boards.Mcu;

/// <content>Buses and radio.</content>
public sealed partial class MicrobitBoard
{
    private void AddMoreDevices(MachineContext context)
    {
    }
}
