using Emulation.Core;

namespace Emulation.Testing;

// Interrupt lines.
public sealed partial class FaultInjector
{
    /// <summary>Swallows the n-th interrupt of a line: its listeners do not see it rise, nor fall.</summary>
    /// <param name="line">A line of one of the board's devices.</param>
    /// <param name="number">1 for the next one.</param>
    public Fault DropInterrupt(IrqLine line, int number = 1)
        => Intercept($"interrupt {number} is dropped", line, number, static (_, _) => { });

    /// <summary>Gives the n-th interrupt of a line twice: when it falls, its listeners see another pulse.</summary>
    /// <param name="line">A line of one of the board's devices.</param>
    /// <param name="number">1 for the next one.</param>
    public Fault DuplicateInterrupt(IrqLine line, int number = 1)
        => Intercept($"interrupt {number} comes twice", line, number, (level, deliver) =>
        {
            deliver(level);
            if (level)
                return;
            deliver(true);
            deliver(false);
        });

    /// <summary>Delays the n-th interrupt of a line. It is lost when the line falls before.</summary>
    /// <param name="line">A line of one of the board's devices.</param>
    /// <param name="delay">Virtual time.</param>
    /// <param name="number">1 for the next one.</param>
    public Fault DelayInterrupt(IrqLine line, TimeSpan delay, int number = 1)
    {
        bool high = false;
        return Intercept($"interrupt {number} is delayed by {delay.TotalMilliseconds} ms", line, number, (level, deliver) =>
        {
            high = level;
            if (!level)
            {
                deliver(false);
                return;
            }

            _board.After(delay, () =>
            {
                if (high)
                    deliver(true);
            });
        });
    }

    // The n-th pulse goes through a fault, from its rise to its fall.
    private Fault Intercept(string description, IrqLine line, int number, Action<bool, Action<bool>> faulty)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        Fault fault = Plan($"{line.Name}: {description}");
        int left = number;
        bool within = false;
        Action<bool> next = line.Interceptor ?? line.Deliver;
        line.Interceptor = level =>
        {
            if (level && --left == 0)
            {
                within = true;
                fault.Fire();
            }

            if (!within)
            {
                next(level);
                return;
            }

            within = level;
            faulty(level, next);
        };
        fault.Undo(() => left = 0);
        return fault;
    }
}
