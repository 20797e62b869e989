using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The inputs of an M-profile CPU's interrupt controller.</summary>
public sealed class Nvic
{
    private readonly MExceptions _exceptions;

    internal Nvic(MExceptions exceptions) => _exceptions = exceptions;

    /// <summary>External interrupts.</summary>
    public int Count => _exceptions.Interrupts;

    /// <summary>Drives an external interrupt. A rising level makes it pending; while the level stays high it is pending again when its handler returns. From any thread, under the device lock.</summary>
    /// <param name="number">Interrupt, from 0.</param>
    /// <param name="level">The level.</param>
    public void SetInput(int number, bool level)
    {
        Check(number);
        _exceptions.SetLine(MException.External + number, level);
    }

    /// <summary>A sink for a wire: <c>line.Connect(cpu.Nvic.Input(5))</c>.</summary>
    /// <param name="number">Interrupt, from 0.</param>
    public Action<bool> Input(int number)
    {
        Check(number);
        return level => _exceptions.SetLine(MException.External + number, level);
    }

    /// <summary>Connects a wire to an external interrupt.</summary>
    /// <param name="number">Interrupt, from 0.</param>
    /// <param name="line">The wire.</param>
    public void Connect(int number, IrqLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        line.Connect(Input(number));
    }

    /// <summary>Drives the non-maskable interrupt. From any thread, under the device lock.</summary>
    /// <param name="level">The level.</param>
    public void SetNmi(bool level) => _exceptions.SetLine(MException.Nmi, level);

    /// <summary>Connects a wire to the non-maskable interrupt.</summary>
    /// <param name="line">The wire.</param>
    public void ConnectNmi(IrqLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        line.Connect(SetNmi);
    }

    /// <summary>Whether an external interrupt is pending.</summary>
    /// <param name="number">Interrupt, from 0.</param>
    public bool IsPending(int number)
    {
        Check(number);
        return _exceptions.IsPending(MException.External + number);
    }

    /// <summary>Whether an external interrupt is being handled.</summary>
    /// <param name="number">Interrupt, from 0.</param>
    public bool IsActive(int number)
    {
        Check(number);
        return _exceptions.IsActive(MException.External + number);
    }

    /// <summary>Whether an external interrupt is enabled.</summary>
    /// <param name="number">Interrupt, from 0.</param>
    public bool IsEnabled(int number)
    {
        Check(number);
        return _exceptions.IsEnabled(MException.External + number);
    }

    private void Check(int number)
    {
        if ((uint)number >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(number), $"there is no interrupt {number}: the CPU has 0 to {Count - 1}");
    }
}
