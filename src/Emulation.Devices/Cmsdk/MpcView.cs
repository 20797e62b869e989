using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A memory as accesses of one security see it behind a <see cref="TrustZoneMpc"/>: windows that turn accesses away lie over the blocks of the other one.</summary>
internal sealed class MpcView
{
    private readonly TrustZoneMpc _mpc;
    private readonly bool _nonSecure;
    private readonly int _blocks;
    private readonly ContainerRegion _region;
    private readonly List<(int First, int Count, MemoryRegion Region)> _windows = [];

    public MpcView(TrustZoneMpc mpc, RamBlock ram, bool nonSecure, int blocks)
    {
        (_mpc, _nonSecure, _blocks) = (mpc, nonSecure, blocks);
        _region = new ContainerRegion($"{ram.Name} ({(nonSecure ? "Non-secure" : "Secure")})", ram.Size);
        _region.Add(0, new RamRegion(ram));
    }

    public MemoryRegion Region => _region;

    /// <summary>Brings the windows to what the controller says now.</summary>
    public void Show()
    {
        List<(int First, int Count)> wanted = Blocked();
        foreach ((int first, int count, MemoryRegion region) in _windows.Where(w => !wanted.Contains((w.First, w.Count))).ToArray())
        {
            _region.Remove(region);
            _windows.Remove((first, count, region));
        }

        foreach ((int first, int count) in wanted.Where(w => !_windows.Exists(o => (o.First, o.Count) == w)))
        {
            ulong start = (ulong)first << _mpc.BlockBits;
            var region = new MmioRegion($"{_region.Name}, blocked", (ulong)count << _mpc.BlockBits, _mpc) { Aligned = false, Gate = new Gate(_mpc, (uint)start, _nonSecure) };
            _region.Add(start, region, priority: 1);
            _windows.Add((first, count, region));
        }
    }

    private List<(int First, int Count)> Blocked()
    {
        var runs = new List<(int, int)>();
        for (int block = 0; block < _blocks;)
        {
            int first = block;
            while (block < _blocks && _mpc.IsNonSecure(block) != _nonSecure)
                block++;
            if (block > first)
                runs.Add((first, block - first));
            else
                block++;
        }

        return runs;
    }

    private sealed class Gate(TrustZoneMpc mpc, uint start, bool nonSecure) : IMmioGate
    {
        public GateAnswer Check(ulong offset, int size, bool write) => mpc.Block(start + (uint)offset, nonSecure);
    }
}
