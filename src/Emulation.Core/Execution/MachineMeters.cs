using System.Diagnostics.Metrics;

namespace Emulation.Core;

/// <summary>What a machine reports to meters: meter <c>Emulation.Machine</c>, tagged with the machine's name.</summary>
internal sealed class MachineMeters
{
    private readonly Counter<long>? _instructions;
    private readonly Counter<long>? _slices;
    private readonly Counter<long>? _idle;
    private readonly KeyValuePair<string, object?> _tag;

    public MachineMeters(IMeterFactory? factory, string machine)
    {
        _tag = new("machine", machine);
        if (factory is null)
            return;
        Meter meter = factory.Create(new MeterOptions("Emulation.Machine"));
        _instructions = meter.CreateCounter<long>("emulation.instructions", "{instruction}", "Guest instructions executed");
        _slices = meter.CreateCounter<long>("emulation.slices", "{slice}", "Times a vCPU was given control");
        _idle = meter.CreateCounter<long>("emulation.idle", "ns", "Virtual time in which every vCPU waited, or in real time each one");
    }

    public void Slice(ulong instructions)
    {
        if (_instructions is null || !_instructions.Enabled)
        {
            if (_slices?.Enabled == true)
                _slices.Add(1, _tag);
            return;
        }

        _instructions.Add((long)instructions, _tag);
        _slices!.Add(1, _tag);
    }

    public void Idle(long nanoseconds)
    {
        if (_idle?.Enabled == true)
            _idle.Add(nanoseconds, _tag);
    }
}
