namespace Emulation.Arm;

/// <summary>A CPU by name: what it implements and how it identifies itself.</summary>
public sealed partial class ArmCpuModel
{
    private ArmCpuModel(string name, uint mainId, ArmIsa isa)
    {
        Name = name;
        MainId = mainId;
        Isa = isa;
    }

    /// <summary>Name as boards take it, such as <c>cortex-a53</c>.</summary>
    public string Name { get; }

    /// <summary>Whether it has no AArch64 state.</summary>
    public bool IsAArch32Only => Isa.Has(ArmFeature.AArch32) && Isa.Has(ArmFeature.OnlyAArch32) && this != Max;

    /// <summary>MIDR_EL1.</summary>
    public uint MainId { get; }

    /// <summary>What it implements.</summary>
    public ArmIsa Isa { get; }

    /// <summary>Finds a model.</summary>
    /// <param name="name">Its name, without regard to case.</param>
    /// <returns>Null when there is none of the name.</returns>
    public static ArmCpuModel? Find(string name) => All.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override string ToString() => Name;
}
