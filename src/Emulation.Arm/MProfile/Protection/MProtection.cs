using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The MPU of each security state and the SAU of a CPU: what they define in its System Control Space, reset, save and load.</summary>
/// <param name="cpu">The CPU.</param>
internal sealed class MProtection(ArmMCpu cpu) : IMRegisters
{
    private readonly MpuUnit[] _units = new MpuUnit[cpu.Model.HasSecurity ? 2 : 1];

    /// <summary>The SAU; null without the Security Extension.</summary>
    public SecurityAttributionUnit? Security { get; private set; }

    /// <summary>The MPU of a bank.</summary>
    /// <param name="bank">1 for Secure, 0 for Non-secure or the only one.</param>
    public MpuUnit this[int bank] => _units[bank];

    /// <inheritdoc/>
    public void Define(RegisterMap map, int bank)
    {
        ArmMCpuModel model = cpu.Model;
        string suffix = !model.HasSecurity ? "" : bank == 1 ? "_S" : "_NS";
        _units[bank] = model.IsV8
            ? new PmsaV8(map, model.MpuRegions, model.IsMainline, suffix, cpu.FlushTlb)
            : new PmsaV7(map, model.MpuRegions, model.Architecture == ArmMArchitecture.V6M, cpu.FlushTlb);
        if (!model.HasSecurity)
            return;
        if (bank == 1)
            Security = new SecurityAttributionUnit(map, model.SauRegions, cpu.Options.Idau, cpu.FlushTlb);
        else
            SecurityAttributionUnit.DefineHidden(map);
    }

    /// <summary>After a reset of the register maps.</summary>
    public void Reset()
    {
        foreach (MpuUnit unit in _units)
            unit.Reset();
        Security?.Reset();
    }

    /// <summary>Writes what the register maps do not store.</summary>
    /// <param name="writer">The CPU's section.</param>
    public void Save(StateWriter writer)
    {
        foreach (MpuUnit unit in _units)
            unit.Save(writer);
        Security?.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, after the register maps.</summary>
    /// <param name="reader">The CPU's section.</param>
    public void Load(StateReader reader)
    {
        foreach (MpuUnit unit in _units)
            unit.Load(reader);
        Security?.Load(reader);
    }
}
