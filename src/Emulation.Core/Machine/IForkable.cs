namespace Emulation.Core;

/// <summary>Something on the host's side of a machine that has content of its own, such as a disk image, so that a fork of the machine needs a view of its own.</summary>
/// <remarks>
/// The board passes it through <see cref="MachineContext.Backend{T}"/>. The original machine uses the object itself; <see cref="Machine.Fork"/> calls
/// <see cref="Fork"/> while the original is stopped and the fork owns, and disposes, what it gets. Writes on either side must not be seen on the other.
/// What does not implement this is shared by both machines: right for read-only or stateless parts only.
/// </remarks>
public interface IForkable
{
    /// <summary>Makes a copy-on-write view of the present content.</summary>
    /// <returns>An object of the same type as far as the device can tell.</returns>
    object Fork();
}

/// <summary>A typed <see cref="IForkable"/>.</summary>
/// <typeparam name="T">What the device holds.</typeparam>
public interface IForkable<out T> : IForkable
    where T : class
{
    /// <inheritdoc cref="IForkable.Fork"/>
    new T Fork();

    /// <inheritdoc/>
    object IForkable.Fork() => Fork();
}

/// <summary>Something on the host's side of a machine whose content an in-memory snapshot has to bring back.</summary>
public interface ICheckpointed
{
    /// <summary>Remembers the present content, copy-on-write.</summary>
    /// <returns>What <see cref="Rewind"/> takes; disposed with the snapshot.</returns>
    IDisposable Checkpoint();

    /// <summary>Returns to the content of a checkpoint, which stays valid.</summary>
    /// <param name="checkpoint">What <see cref="Checkpoint"/> gave.</param>
    void Rewind(IDisposable checkpoint);
}
