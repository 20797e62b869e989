namespace Emulation.Core;

public sealed partial class Machine
{
    /// <summary>Takes the machine's state, copy-on-write: no memory is copied until the machine writes to it.</summary>
    public Snapshot Snapshot() => WhileStopped(nameof(Snapshot), () => MachineState.Capture(this));

    /// <summary>Returns to a snapshot, taken from this machine or from one of the same parts. Doing it twice is the same as once.</summary>
    /// <param name="snapshot">Stays valid.</param>
    /// <exception cref="SnapshotException">It does not fit; the machine is as before.</exception>
    public void Restore(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        WhileStopped(nameof(Restore), () =>
        {
            MachineState.CheckFits(this, snapshot);
            Change(() => MachineState.Apply(this, snapshot));
            return true;
        });
    }

    /// <summary>Writes the machine's state to a stream: all of it but the content of backends such as disk images.</summary>
    /// <param name="stream">Written to from its present position; it need not seek.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        WhileStopped(nameof(Save), () =>
        {
            SnapshotWriter.Write(this, stream);
            return true;
        });
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="stream">Read from its present position to the end of the snapshot; it need not seek. It may come from anywhere: damage is found.</param>
    /// <exception cref="SnapshotException">The stream is no snapshot, is damaged, or is of another machine; the message names the section. The machine is as before.</exception>
    public void Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        WhileStopped(nameof(Load), () =>
        {
            SnapshotReader.Read(this, stream, Change);
            return true;
        });
    }

    /// <summary>A digest of everything the guest could ever see: equal states have equal digests on any host and engine.</summary>
    public StateHash StateHash() => WhileStopped(nameof(StateHash), () => StateHasher.Hash(this));

    /// <summary>Makes a second machine in the same state that shares memory with this one, copy-on-write. Parts are built anew by the same recipe.</summary>
    /// <returns>A machine of its own, with its own services, hooks and lifetime. Its typed parts are found by <see cref="Get{T}"/>, <see cref="DeviceHandle{T}.In"/> and <see cref="CounterpartOf"/>.</returns>
    /// <remarks>Backends that implement <see cref="IForkable"/> are forked, others are shared. Hooks are not copied.</remarks>
    public Machine Fork()
        => WhileStopped(nameof(Fork), () =>
        {
            Machine copy = _recipe.Build(this);
            try
            {
                copy.ResetPolicy = ResetPolicy;
                StateSection[] sections = MachineState.Save(this);
                MachineState.CheckFits(copy, Array.ConvertAll(sections, s => (s.Name, s.Version)), [.. RamBlocks.Select(r => (r.Name, r.Size))]);
                MachineState.Load(copy, sections);
                return copy;
            }
            catch
            {
                copy.Dispose();
                throw;
            }
        });

    /// <summary>Changes all state, or none: a change that fails is undone.</summary>
    private void Change(Action change)
    {
        using Snapshot before = MachineState.Capture(this);
        try
        {
            // what the state before asked for is void; what is loaded may hold a reset that was asked for and not yet done
            Control.Clear();
            change();
            _unusable = null;
        }
        catch (Exception failure)
        {
            try
            {
                MachineState.Apply(this, before);
            }
#pragma warning disable CA1031 // the machine is marked; the first failure is what the caller has to know
            catch (Exception)
#pragma warning restore CA1031
            {
                _unusable = failure.Message;
            }

            throw;
        }
    }

    private T WhileStopped<T>(string operation, Func<T> action)
    {
        Enter(StateBusy, operation);
        try
        {
            return action();
        }
        finally
        {
            Leave();
        }
    }
}
