namespace Emulation.Core;

/// <summary>A board: one class that composes the devices of a computer, connects them and describes itself to the guest.</summary>
/// <remarks>
/// A board object belongs to one machine; forks get one of their own from the same factory. Options are set on it before <see cref="Compose"/>;
/// afterwards its properties are the typed parts (<c>board.Usart2</c>), found by <see cref="Machine.Get{T}"/>.
/// </remarks>
public interface IBoard
{
    /// <summary>The board's name, such as <c>riscv64-virt</c>.</summary>
    string Name { get; }

    /// <summary>Creates and connects the parts. Faults are reported with <see cref="MachineContext.Error"/>, so that all are found at once.</summary>
    /// <param name="context">The machine that is being built.</param>
    void Compose(MachineContext context);
}

/// <summary>A device that knows the window of registers it shows on the bus.</summary>
public interface IMapped
{
    /// <summary>The window; the same object every time.</summary>
    MmioRegion Region { get; }
}

/// <summary>A device that has interrupt outputs which a board must connect.</summary>
public interface IInterruptSource
{
    /// <summary>The outputs without which the device makes no sense.</summary>
    IReadOnlyList<IrqLine> RequiredLines { get; }
}

/// <summary>Stands for a device of the machine that a builder will build, and of its forks.</summary>
/// <typeparam name="T">Type of the device.</typeparam>
public sealed class DeviceHandle<T>
    where T : class, IDevice
{
    internal DeviceHandle()
    {
    }

    /// <summary>The device in <paramref name="machine"/>.</summary>
    /// <param name="machine">A machine from the builder that gave the handle, or a fork of one.</param>
    /// <exception cref="InvalidOperationException">The machine is not from that builder.</exception>
    public T In(Machine machine) => (T)machine.PartOf(this);
}
