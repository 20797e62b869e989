using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A part outside the microcontroller that has state: a sensor, a memory, a display. Parts on a bus are saved, loaded and forked with it.</summary>
/// <remarks>Deriving from <see cref="Part"/> is the short way. A part keeps its state over a reset of the machine, as the real one does; only <see cref="PowerCycle"/> ends it.</remarks>
public interface IPart
{
    /// <summary>Version of what <see cref="Save"/> writes.</summary>
    int StateVersion => 1;

    /// <summary>The part is wired up: it has time from now on. Comes before everything else.</summary>
    /// <param name="site">Where it is.</param>
    void Join(PartSite site);

    /// <summary>The part is taken off: its timers are disarmed.</summary>
    void Leave();

    /// <summary>Power was off and is on again: what is not volatile is kept.</summary>
    void PowerCycle();

    /// <summary>Writes all of its state, also what a test has set, such as a temperature.</summary>
    /// <param name="writer">The section of whatever it is attached to.</param>
    void Save(StateWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">The section of whatever it is attached to.</param>
    void Load(StateReader reader);

    /// <summary>Makes a part of the same make and options that is not attached to anything; the state is loaded into it afterwards.</summary>
    IPart Fork();
}
