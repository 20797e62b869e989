using Emulation.Core;

namespace Emulation.Arm;

/// <summary>LAR and LSR of a debug component: software has to unlock its registers. DDI 0403E, C1.7.7 and D1.</summary>
internal sealed class ComponentLock
{
    private const uint Key = 0xc5ac_ce55;
    private readonly FlagField? _locked;

    /// <summary>Defines the registers.</summary>
    /// <param name="map">The component's.</param>
    /// <param name="name">Such as <c>ITM</c>.</param>
    /// <param name="exists">Whether the component has a lock; without, LSR reads as zero.</param>
    public ComponentLock(RegisterMap map, string name, bool exists)
    {
        map.Define(0xfb0, $"{name}_LAR", access: RegisterAccess.WriteOnly).Bits(31, 0, "KEY", FieldMode.WriteOnly, write: Unlock);
        Register status = map.Define(0xfb4, $"{name}_LSR", exists ? 3u : 0).Ignored(31, 2);
        if (exists)
            status.Flag(1, "SLK", out _locked, FieldMode.ReadOnly).Flag(0, "SLI", FieldMode.ReadOnly);
        else
            status.Ignored(1, 0);
    }

    /// <summary>Whether writes of the component's registers are ignored.</summary>
    public bool IsLocked => _locked?.Value ?? false;

    private void Unlock(ulong value)
    {
        if (_locked != null)
            _locked.Value = (uint)value != Key;
    }
}
