using System.Text;

namespace Emulation.Cpu.Decode;

/// <summary>What the decode kit must know of an instruction set's encodings of one length.</summary>
public abstract class EncodingSchema
{
    /// <summary>Bits in an instruction word: 16 or 32.</summary>
    public abstract int WordBits { get; }

    /// <summary>The word's bits that choose a bucket of the look-up table: major opcodes. At most 14 bits in few runs.</summary>
    public abstract uint KeyMask { get; }

    /// <summary>Width of a named field, 0 when there is none of that name.</summary>
    /// <param name="field">Name in a pattern.</param>
    public abstract int FieldWidth(string field);

    /// <summary>Number of a feature in <see cref="FeatureSet"/>, -1 when there is none of that name.</summary>
    /// <param name="feature">Name in a requirement.</param>
    public abstract int FeatureIndex(string feature);

    /// <summary>Whether a CPU may have these features together. The ambiguity check ignores encodings that never meet.</summary>
    /// <param name="features">A set of features.</param>
    public virtual bool CanExist(in FeatureSet features) => true;

    /// <summary>Appends an operand's assembly text.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="operand">Name in a syntax template.</param>
    /// <param name="word">The instruction word.</param>
    /// <param name="pc">Its address, for branch targets.</param>
    /// <param name="features">What the CPU has.</param>
    /// <returns>False when there is no operand of that name.</returns>
    public abstract bool TryFormat(StringBuilder text, string operand, uint word, ulong pc, in FeatureSet features);
}
