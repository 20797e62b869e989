using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The Flash Patch and Breakpoint unit, versions 1 and 2, and the breakpoint unit of Armv6-M. DDI 0403E, C1.11; DDI 0419, C1.9; DDI 0553, "FP_CTRL" and following.</summary>
/// <remarks>Its comparators are breakpoints. Those of version 1 where FP_REMAP.RMPSPT is set also replace words of the code region: <see cref="FlashRemap"/>.</remarks>
internal sealed class FlashPatch : IMmio
{
    private readonly RegisterMap _map;
    private readonly MDebugModel _model;
    private readonly IMDebugHost _host;
    private readonly FlagField _enable;
    private readonly Register[] _comparators;
    private readonly Register? _remap;
    private readonly List<IDisposable> _hooks = [];

    /// <summary>Defines the registers.</summary>
    /// <param name="map">The component's.</param>
    /// <param name="model">The CPU's debug units.</param>
    /// <param name="host">The CPU.</param>
    public FlashPatch(RegisterMap map, MDebugModel model, IMDebugHost host)
    {
        (_map, _model, _host) = (map, model, host);
        uint count = (uint)model.Breakpoints;
        string prefix = model.HasMonitor || model.HasFlashPatch2 ? "FP" : "BP";
        map.Define(0, prefix + "_CTRL", (model.HasFlashPatch2 ? 1u << 28 : 0) | ((count & 0x70) << 8) | ((uint)model.Literals << 8) | ((count & 15) << 4))
            .Bits(31, 28, "REV", FieldMode.ReadOnly).Ignored(27, 15).Bits(14, 12, "NUM_CODE2", FieldMode.ReadOnly).Bits(11, 8, "NUM_LIT", FieldMode.ReadOnly)
            .Bits(7, 4, "NUM_CODE1", FieldMode.ReadOnly).Ignored(3, 2).Flag(1, "KEY", FieldMode.WriteOnly).Flag(0, "ENABLE", out _enable).Then(Rearm);
        if (CanPatch)
        {
            Remap = new FlashRemap(host);
            _remap = map.Define(4, "FP_REMAP", 1 << 29).Ignored(31, 30).Flag(29, "RMPSPT", FieldMode.ReadOnly).Bits(28, 5, "REMAP").Ignored(4, 0).Then(Rearm);
        }
        else if (prefix == "FP")
        {
            map.Define(4, "FP_REMAP").Ignored(31, 0);
        }

        _comparators = new Register[model.Breakpoints + model.Literals];
        for (int i = 0; i < _comparators.Length; i++)
        {
            Register comparator = map.Define(8 + (4 * (ulong)i), $"{prefix}_COMP{i}");
            if (model.HasFlashPatch2)
                comparator.Bits(31, 1, "BPADDR").Flag(0, "BE");
            else if (i < model.Breakpoints)
                comparator.Bits(31, 30, "REPLACE").Ignored(29, 29).Bits(28, 2, "COMP").Ignored(1, 1).Flag(0, "ENABLE");
            else
                comparator.Ignored(31, 29).Bits(28, 2, "COMP").Ignored(1, 1).Flag(0, "ENABLE");
            _comparators[i] = comparator.Then(Rearm);
        }

        model.FpbId.Define(map, prefix == "FP" ? "FPB" : "BPU");
    }

    /// <summary>What replaces words; null where nothing does.</summary>
    public FlashRemap? Remap { get; }

    private bool CanPatch => _model.Literals > 0;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => _map.Read(offset, size);

    /// <inheritdoc/>
    /// <remarks>FP_CTRL is written together with its key.</remarks>
    public void Write(ulong offset, int size, ulong value)
    {
        const ulong Key = 2;
        if (offset != 0 || (value & Key) != 0)
            _map.Write(offset, size, value);
    }

    /// <summary>After a reset or a load of the register map.</summary>
    public void Refresh() => Rearm();

    private void Rearm()
    {
        foreach (IDisposable hook in _hooks)
            hook.Dispose();
        _hooks.Clear();
        var code = new List<RemappedWord>();
        var literals = new List<RemappedWord>();
        for (int i = 0; _enable.Value && i < _comparators.Length; i++)
        {
            uint value = (uint)_comparators[i].Value;
            if ((value & 1) == 0)
                continue;
            if (_model.HasFlashPatch2)
            {
                Break(value & ~1u);
                continue;
            }

            uint word = value & 0x1fff_fffc;
            if (_remap is not null && value >> 30 == 0)
                (i < _model.Breakpoints ? code : literals).Add(new RemappedWord(word, (uint)_remap.Value + (4 * (uint)i)));
            if ((value & (1 << 30)) != 0)
                Break(word);
            if ((value & (1u << 31)) != 0)
                Break(word + 2);
        }

        Remap?.Set(code, literals);
    }

    private void Break(uint address)
        => _hooks.Add(_host.Hooks.Code(address, address, (in CodeEvent e) =>
        {
            if (ReferenceEquals(e.Cpu, _host.Cpu))
                _host.RaiseDebugEvent(DebugStatus.Breakpoint, instead: true);
        }));
}
