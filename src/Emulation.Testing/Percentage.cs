using System.Globalization;

namespace Emulation.Testing;

/// <summary>A share of a whole.</summary>
/// <param name="Value">In hundredths: 0.1 is a thousandth.</param>
public readonly record struct Percentage(double Value)
{
    /// <summary>This share of an amount.</summary>
    /// <param name="amount">The whole.</param>
    public double Of(double amount) => amount * Value / 100;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value} %");
}
