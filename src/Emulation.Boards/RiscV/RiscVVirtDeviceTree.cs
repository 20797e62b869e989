using Emulation.Boards.DeviceTree;
using Emulation.RiscV;

namespace Emulation.Boards.RiscV;

/// <summary>Describes the board to the guest.</summary>
internal static class RiscVVirtDeviceTree
{
    private const string UartPath = "/soc/serial@10000000";
    private const uint CacheBlock = 64;

    // interrupt numbers of mip, as the interrupt controllers name their targets
    private const uint MachineSoftware = 3;
    private const uint MachineTimer = 7;
    private const uint SupervisorExternal = 9;
    private const uint MachineExternal = 11;

    public static FlattenedDeviceTree Create(RiscVIsa isa, int harts, ulong memory, ReadOnlyMemory<byte> seed)
    {
        var tree = new FlattenedDeviceTree();
        FdtNode root = tree.Root;
        root.SetCells("#address-cells", 2).SetCells("#size-cells", 2).SetStrings("compatible", "riscv-virtio").SetStrings("model", "riscv-virtio,emulation");
        FdtNode chosen = root.AddNode("chosen").SetStrings("stdout-path", UartPath);
        chosen.Set("rng-seed", seed);
        root.AddNode("aliases").SetStrings("serial0", UartPath);
        AddMemory(root, memory);
        uint[] controllers = AddCpus(tree, isa, harts);

        FdtNode soc = root.AddNode("soc").SetCells("#address-cells", 2).SetCells("#size-cells", 2).SetStrings("compatible", "simple-bus").SetEmpty("ranges");
        AddInterruptControllers(tree, soc, controllers, isa.HasSupervisorMode, out uint plic);
        AddDevices(tree, root, soc, plic);
        return tree;
    }

    /// <summary>Replaces what a tree says about memory.</summary>
    public static void AddMemory(FdtNode root, ulong size)
    {
        root.RemoveNodes(static n => n.Name == "memory" || n.Name.StartsWith("memory@", StringComparison.Ordinal));
        root.AddNode($"memory@{RiscVVirtMap.Ram:x}").SetStrings("device_type", "memory").SetUInt64("reg", RiscVVirtMap.Ram, size);
    }

    private static uint[] AddCpus(FlattenedDeviceTree tree, RiscVIsa isa, int harts)
    {
        FdtNode cpus = tree.Root.AddNode("cpus").SetCells("#address-cells", 1).SetCells("#size-cells", 0).SetCells("timebase-frequency", RiscVVirtMap.Timebase);
        var controllers = new uint[harts];
        var nodes = new FdtNode[harts];
        for (uint i = 0; i < harts; i++)
        {
            FdtNode cpu = nodes[i] = cpus.AddNode($"cpu@{i:x}").SetStrings("device_type", "cpu").SetCells("reg", i).SetStrings("status", "okay").SetStrings("compatible", "riscv");
            if (isa.Has("zicbop"))
                cpu.SetCells("riscv,cbop-block-size", CacheBlock);
            if (isa.Has("zicboz"))
                cpu.SetCells("riscv,cboz-block-size", CacheBlock);
            if (isa.Has("zicbom"))
                cpu.SetCells("riscv,cbom-block-size", CacheBlock);
            cpu.SetStrings("riscv,isa-extensions", isa.Extensions.Where(static e => !IsTranslationScheme(e)));
            cpu.SetStrings("riscv,isa-base", $"rv{isa.Xlen}i");
            cpu.SetStrings("riscv,isa", IsaText(isa));
            if (MmuType(isa) is { } mmu)
                cpu.SetStrings("mmu-type", mmu);
            FdtNode controller = cpu.AddNode("interrupt-controller").SetCells("#address-cells", 0).SetCells("#interrupt-cells", 1).SetEmpty("interrupt-controller").SetStrings("compatible", "riscv,cpu-intc");
            controllers[i] = tree.PhandleOf(controller);
        }

        FdtNode cluster = cpus.AddNode("cpu-map").AddNode("cluster0");
        for (int i = 0; i < harts; i++)
            cluster.AddNode($"core{i}").SetCells("cpu", tree.PhandleOf(nodes[i]));
        return controllers;
    }

    private static void AddInterruptControllers(FlattenedDeviceTree tree, FdtNode soc, uint[] controllers, bool supervisor, out uint plic)
    {
        var external = new List<uint>();
        var local = new List<uint>();
        foreach (uint controller in controllers)
        {
            // a context that no hart can use is there all the same: contexts are numbered by place
            external.AddRange([controller, MachineExternal, controller, supervisor ? SupervisorExternal : uint.MaxValue]);
            local.AddRange([controller, MachineSoftware, controller, MachineTimer]);
        }

        FdtNode node = soc.AddNode($"interrupt-controller@{RiscVVirtMap.Plic:x}");
        plic = tree.PhandleOf(node);
        node.SetCells("riscv,ndev", RiscVVirtMap.PlicSources).SetUInt64("reg", RiscVVirtMap.Plic, RiscVVirtMap.PlicSize)
            .SetCells("interrupts-extended", external.ToArray()).SetEmpty("interrupt-controller")
            .SetStrings("compatible", "sifive,plic-1.0.0", "riscv,plic0").SetCells("#address-cells", 0).SetCells("#interrupt-cells", 1);
        soc.AddNode($"clint@{RiscVVirtMap.Clint:x}").SetCells("interrupts-extended", local.ToArray())
            .SetUInt64("reg", RiscVVirtMap.Clint, RiscVVirtMap.ClintSize).SetStrings("compatible", "sifive,clint0", "riscv,clint0");
    }

    private static void AddDevices(FlattenedDeviceTree tree, FdtNode root, FdtNode soc, uint plic)
    {
        FdtNode finisher = soc.AddNode($"test@{RiscVVirtMap.Finisher:x}").SetUInt64("reg", RiscVVirtMap.Finisher, 0x1000).SetStrings("compatible", "sifive,test1", "sifive,test0", "syscon");
        uint finisherHandle = tree.PhandleOf(finisher);
        AddSyscon(root, "poweroff", finisherHandle, 0x5555);
        AddSyscon(root, "reboot", finisherHandle, 0x7777);

        Interrupting(soc.AddNode($"rtc@{RiscVVirtMap.Rtc:x}"), RiscVVirtMap.RtcIrq).SetUInt64("reg", RiscVVirtMap.Rtc, 0x1000).SetStrings("compatible", "google,goldfish-rtc");
        Interrupting(soc.AddNode($"serial@{RiscVVirtMap.Uart:x}"), RiscVVirtMap.UartIrq).SetUInt64("reg", RiscVVirtMap.Uart, 0x100)
            .SetCells("clock-frequency", RiscVVirtMap.UartClock).SetStrings("compatible", "ns16550a");

        // from the highest address down: disks are numbered in this order, which is the order in which slots are filled
        for (int slot = RiscVVirtMap.VirtioSlots - 1; slot >= 0; slot--)
        {
            ulong address = RiscVVirtMap.Virtio + (0x1000 * (ulong)slot);
            Interrupting(soc.AddNode($"virtio_mmio@{address:x}"), RiscVVirtMap.FirstVirtioIrq + slot).SetUInt64("reg", address, 0x1000).SetStrings("compatible", "virtio,mmio");
        }

        root.AddNode($"fw-cfg@{RiscVVirtMap.FwCfg:x}").SetEmpty("dma-coherent").SetUInt64("reg", RiscVVirtMap.FwCfg, 0x18).SetStrings("compatible", "qemu,fw-cfg-mmio");
        root.AddNode($"flash@{RiscVVirtMap.Flash:x}").SetCells("bank-width", 4)
            .SetUInt64("reg", RiscVVirtMap.Flash, RiscVVirtMap.FlashSize, RiscVVirtMap.Flash + RiscVVirtMap.FlashSize, RiscVVirtMap.FlashSize).SetStrings("compatible", "cfi-flash");

        FdtNode Interrupting(FdtNode node, int irq) => node.SetCells("interrupts", (uint)irq).SetCells("interrupt-parent", plic);
    }

    private static void AddSyscon(FdtNode root, string name, uint handle, uint value)
        => root.AddNode(name).SetCells("value", value).SetCells("offset", 0).SetCells("regmap", handle).SetStrings("compatible", $"syscon-{name}");

    private static bool IsTranslationScheme(string extension) => extension is "svbare" or "sv32" or "sv39" or "sv48" or "sv57";

    // The schemes are told by mmu-type; kernels do not know them as extensions.
    private static string IsaText(RiscVIsa isa)
        => $"rv{isa.Xlen}" + string.Concat(isa.Extensions.Where(static e => e.Length == 1))
            + string.Concat(isa.Extensions.Where(static e => e.Length > 1 && !IsTranslationScheme(e)).Select(static e => "_" + e));

    private static string? MmuType(RiscVIsa isa)
    {
        if (!isa.HasSupervisorMode)
            return null;
        string? best = Array.Find(["sv57", "sv48", "sv39", "sv32"], isa.Has);
        return best is null ? "riscv,none" : "riscv," + best;
    }
}
