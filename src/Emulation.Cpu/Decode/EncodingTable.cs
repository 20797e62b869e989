using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Emulation.Cpu.Decode;

/// <summary>The encodings of one length of an instruction set, with a bucket look-up by the schema's key bits. Immutable.</summary>
/// <typeparam name="TEmitter">What emitters write with: the first parameter of every emitter method.</typeparam>
/// <typeparam name="TWord">The instruction word: the second parameter.</typeparam>
public sealed unsafe class EncodingTable<TEmitter, TWord>
    where TWord : struct
{
    private readonly EncodingRow[] _rows;                // most fixed bits first
    private readonly int[] _starts;                      // bucket k holds _items[_starts[k].._starts[k + 1]]
    private readonly ushort[] _items = [];
    private readonly (uint Mask, int Shift)[] _key;

    internal EncodingTable(EncodingSchema schema, List<EncodingRow> rows)
    {
        Schema = schema;
        _rows = [.. rows];
        Array.Sort(_rows, static (a, b) => a.FixedBits != b.FixedBits ? b.FixedBits - a.FixedBits : a.Pattern.Value.CompareTo(b.Pattern.Value));
        _key = KeyRuns(schema.KeyMask);
        int keys = 1 << BitOperations.PopCount(schema.KeyMask);
        _starts = new int[keys + 1];
        for (int pass = 0; ; pass++)                     // count, then fill
        {
            for (int row = 0; row < _rows.Length; row++)
            {
                EncodingPattern pattern = _rows[row].Pattern;
                uint free = schema.KeyMask & ~pattern.Mask, subset = 0;
                do
                {
                    uint key = Key((pattern.Value & schema.KeyMask) | subset);
                    if (pass == 0)
                        _starts[key + 1]++;
                    else
                        _items[_starts[key]++] = (ushort)row;
                    subset = (subset - free) & free;
                }
                while (subset != 0);
            }

            if (pass == 1)
                break;
            for (int key = 0; key < keys; key++)
                _starts[key + 1] += _starts[key];
            _items = new ushort[_starts[keys]];
        }

        Array.Copy(_starts, 0, _starts, 1, keys);        // filling moved every start to its end
        _starts[0] = 0;
    }

    /// <summary>The schema it was built with.</summary>
    public EncodingSchema Schema { get; }

    /// <summary>All encodings, reserved ones included.</summary>
    public ReadOnlySpan<EncodingRow> Rows => _rows;

    /// <summary>Finds the encoding of a word.</summary>
    /// <param name="word">The instruction word.</param>
    /// <param name="features">What the CPU has.</param>
    /// <param name="row">The encoding.</param>
    /// <returns>False for illegal words.</returns>
    public bool TryFind(uint word, in FeatureSet features, [NotNullWhen(true)] out EncodingRow? row)
    {
        uint key = Key(word);
        for (int i = _starts[key]; i < _starts[key + 1]; i++)
        {
            EncodingRow candidate = _rows[_items[i]];
            if (candidate.Pattern.Matches(word) && candidate.Requirement.IsMetBy(features))
            {
                row = candidate.IsReserved ? null : candidate;
                return row is not null;
            }
        }

        row = null;
        return false;
    }

    /// <summary>Calls the emitter of an encoding.</summary>
    /// <param name="row">An encoding of this table, not reserved.</param>
    /// <param name="emitter">What it writes with.</param>
    /// <param name="word">The instruction word.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Emit(EncodingRow row, TEmitter emitter, TWord word)
        => ((delegate*<TEmitter, TWord, void>)row.Emitter)(emitter, word);

    /// <summary>Appends the assembly text of a word.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="word">The instruction word.</param>
    /// <param name="pc">Its address.</param>
    /// <param name="features">What the CPU has.</param>
    /// <returns>False, and nothing appended, for illegal words.</returns>
    public bool TryDisassemble(StringBuilder text, uint word, ulong pc, in FeatureSet features)
    {
        if (!TryFind(word, features, out EncodingRow? row))
            return false;
        row.Syntax!.Format(text, Schema, word, pc, features);
        return true;
    }

    /// <summary>Pairs of encodings that match a common word on some CPU without one refining the other: mistakes.</summary>
    public IEnumerable<(EncodingRow First, EncodingRow Second)> FindAmbiguities()
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            for (int j = i + 1; j < _rows.Length; j++)
            {
                EncodingRow a = _rows[i], b = _rows[j];
                if (a.Pattern.Overlaps(b.Pattern) && !a.Pattern.Refines(b.Pattern) && a.Requirement.CanMeet(b.Requirement, Schema)
                    && !HasOverlapOf(a, b))
                {
                    yield return (a, b);
                }
            }
        }
    }

    /// <summary>A random word of an encoding, which <see cref="TryFind"/> finds for these features.</summary>
    /// <param name="row">An encoding of this table, not reserved.</param>
    /// <param name="features">What the CPU has.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="word">The word.</param>
    /// <returns>False when a hundred tries gave only words of other encodings, or the features do not suffice.</returns>
    public bool TryMakeWord(EncodingRow row, in FeatureSet features, Random random, out uint word)
    {
        for (int i = 0; i < 100; i++)
        {
            word = ((uint)random.NextInt64() & ~row.Pattern.Mask & (uint)((1UL << Schema.WordBits) - 1)) | row.Pattern.Value;
            if (TryFind(word, features, out EncodingRow? found) && found == row)
                return true;
        }

        word = 0;
        return false;
    }

    // an encoding of exactly the words that two others share settles whose they are
    private bool HasOverlapOf(EncodingRow a, EncodingRow b)
    {
        uint mask = a.Pattern.Mask | b.Pattern.Mask, value = a.Pattern.Value | b.Pattern.Value;
        FeatureRequirement both = a.Requirement.And(b.Requirement);
        foreach (EncodingRow row in _rows)
        {
            if (row.Pattern.Mask == mask && row.Pattern.Value == value && row.Pattern.Exclusions.IsEmpty && Covers(row.Requirement, both))
                return true;
        }

        return false;

        static bool Covers(FeatureRequirement requirement, FeatureRequirement by)
        {
            foreach (FeatureSet alternative in by.Alternatives)
            {
                if (!requirement.IsMetBy(alternative))
                    return false;
            }

            return true;
        }
    }

    private uint Key(uint word)
    {
        uint key = 0;
        foreach ((uint mask, int shift) in _key)
            key |= (word & mask) >> shift;
        return key;
    }

    private static (uint Mask, int Shift)[] KeyRuns(uint mask)
    {
        var runs = new List<(uint, int)>();
        int packed = 0;
        while (mask != 0)
        {
            int low = BitOperations.TrailingZeroCount(mask);
            int width = BitOperations.TrailingZeroCount(~(mask >> low));
            uint run = (uint)((1UL << width) - 1) << low;
            runs.Add((run, low - packed));
            packed += width;
            mask &= ~run;
        }

        return [.. runs];
    }
}
