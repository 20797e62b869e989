namespace Emulation.Devices;

// What the translation service does to LPIs. It may do much at once, so that outputs follow only when it says that it is done.
public sealed partial class GicV3
{
    internal void SetLpi(int cpu, int lpi, bool pending) => _redistributors[cpu].SetPending(lpi, pending);

    /// <summary>The configuration of LPIs in memory has changed.</summary>
    internal void RefreshLpis(int cpu) => _redistributors[cpu].Invalidate();

    internal void MoveLpi(int lpi, int from, int to)
    {
        if (from == to || !_redistributors[from].IsPending(lpi))
            return;
        _redistributors[from].SetPending(lpi, false);
        _redistributors[to].SetPending(lpi, true);
    }

    internal void MoveLpis(int from, int to) => _redistributors[from].MoveAllTo(_redistributors[to]);

    /// <summary>The changes are made: outputs follow.</summary>
    internal void SignalLpis() => Update();
}
