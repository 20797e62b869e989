using Emulation.Core;

namespace Emulation.Boards.Mcu;

/// <summary>The window through which the flash on QSPI0 is read as memory, while its controller is in that mode.</summary>
internal sealed class FlashWindow
{
    private readonly MmioRegion _closed;
    private bool _isOpen = true;

    public FlashWindow(RamBlock content)
    {
        Region = new ContainerRegion("flash window", content.Size);
        Region.Add(0, new RamRegion(content, readOnly: true));
        _closed = new MmioRegion("flash window, closed", content.Size, new Nothing());
    }

    /// <summary>What the board maps.</summary>
    public ContainerRegion Region { get; }

    /// <summary>Whether the flash is read; else zeros are.</summary>
    public bool IsOpen
    {
        get => _isOpen;
        set
        {
            if (_isOpen == value)
                return;
            _isOpen = value;
            if (value)
                Region.Remove(_closed);
            else
                Region.Add(0, _closed, priority: 1);
        }
    }

    private sealed class Nothing : IMmio
    {
        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, int size, ulong value) { }
    }
}
