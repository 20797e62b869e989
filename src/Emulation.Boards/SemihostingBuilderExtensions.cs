using Emulation.Arm;
using Emulation.Boards.Arm;
using Emulation.Boards.Loading;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards;

/// <summary>Lets programs without an operating system use the host.</summary>
public static class SemihostingBuilderExtensions
{
    /// <summary>Answers semihosting calls of the guest, on boards with Arm CPUs of any profile. <see cref="Machine.Get{T}"/> finds the <see cref="Semihosting"/>, whose exit powers the machine off.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes options; null for the defaults: a console of its own and files in the machine's memory, nothing of the host.</param>
    public static MachineBuilder AddSemihosting(this MachineBuilder builder, Action<SemihostingOptions>? configure = null)
        => builder.AddSemihosting(out _, configure);

    /// <summary>As the other overload, and gives the console.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="console">The host's end of the console. In a fork, <see cref="Machine.CounterpartOf"/> finds the one that stands for it.</param>
    /// <param name="configure">Changes options.</param>
    public static MachineBuilder AddSemihosting(this MachineBuilder builder, out SerialPort console, Action<SemihostingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new SemihostingOptions();
        configure?.Invoke(options);
        SerialPort input = options.Console ??= new SerialPort("semihosting");
        console = input;
        var origin = new BoardOrigin<object>();
        return builder.Configure(context => context.OnComposed(() => Compose(context, options, origin)));
    }

    private static void Compose(MachineContext context, SemihostingOptions options, BoardOrigin<object> shared)
    {
        if (!context.Machine.Cpus.Any(static c => c is ArmCpu or ArmMCpu))
        {
            context.Error("semihosting is there for Arm CPUs, and this machine has none");
            return;
        }

        BoardOrigin<object> origin = context.Backend("semihosting origin", shared);
        SerialPort console = Take(context, "semihosting console", options.Console!);
        SerialPort? errors = options.ErrorConsole is { } port ? Take(context, "semihosting errors", port) : null;
        Semihosting host;
        try
        {
            host = new Semihosting("semihosting", console, errors, context.Clock, context.Log, options, origin.Epoch(context, options.Epoch));
        }
        catch (DirectoryNotFoundException e)
        {
            context.Error(e.Message);
            return;
        }

        context.AddDevice(host);
        context.Provide(host);
        if (context.Machine.Find<FreeMemory>() is { Size: > 0 } free)
            host.Heap = new SemihostingHeap(free.Start, free.End, free.End, free.Start);
        host.Exited += _ => context.Machine.RequestPowerOff();
        _ = new ArmSemihosting(host, context.Machine.Cpus, context.Memory, options.UserMode);
    }

    private static SerialPort Take(MachineContext context, string name, SerialPort original)
    {
        if (context.Machine.Find<SerialLines>()?.Contains(original) == true)
            return context.Machine.CounterpartOf(original);        // a serial device of the board has it, too
        SerialPort port = context.Backend(name, original);
        port.Attach(context.DeviceLock);
        return port;
    }
}
