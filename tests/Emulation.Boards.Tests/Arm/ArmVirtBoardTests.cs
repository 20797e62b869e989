using Emulation.Arm;
using Emulation.Boards.Arm;
using Emulation.Boards.DeviceTree;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Tests.Arm;

public sealed class ArmVirtBoardTests
{
    [TestCase(0x0000_0000UL, "flash0")]
    [TestCase(0x0400_0000UL, "flash1")]
    [TestCase(0x0800_0000UL, "gic.distributor0")]
    [TestCase(0x0801_0000UL, "gic.cpu0")]
    [TestCase(0x0802_0000UL, "gicv2m")]
    [TestCase(0x0900_0000UL, "uart0")]
    [TestCase(0x0901_0000UL, "rtc")]
    [TestCase(0x0902_0000UL, "fwcfg")]
    [TestCase(0x0903_0000UL, "gpio")]
    [TestCase(0x0a00_0000UL, "virtio0")]
    [TestCase(0x0a00_3e00UL, "virtio31")]
    [TestCase(0x4000_0000UL, "ram")]
    [TestCase(0x40_1000_0000UL, "pcie.config")]
    public void Devices_lie_where_kernels_expect_them(ulong address, string name)
    {
        using Machine machine = Build();
        machine.Memory.TryFind(address, out FlatRange range).Should().BeTrue();
        range.Region.Name.Should().Be(name);
        range.Start.Should().Be(address);
    }

    [Test]
    public void The_memory_map_and_the_device_tree_agree([Values(1, 8)] int cpus, [Values(2, 3)] int gic)
    {
        using Machine machine = Build(cpus, gic);
        ArmVirtBoard board = machine.Get<ArmVirtBoard>();
        FdtNode root = board.DeviceTree.Root;
        root.Find("cpus")!.Children.Count(static c => c.Name.StartsWith("cpu@", StringComparison.Ordinal)).Should().Be(cpus);
        int found = 0;
        foreach (FdtNode node in root.Children.Concat(root.Find($"intc@8000000")!.Children))
        {
            if (node.Property("reg") is not { } reg || node.Name == "secram")
                continue;
            IReadOnlyList<uint> cells = reg.AsCells();
            ulong address = ((ulong)cells[0] << 32) | cells[1];
            machine.Memory.TryFind(address, out FlatRange range).Should().BeTrue($"{node.Name} is at 0x{address:x}");
            range.Start.Should().Be(address);
            found++;
        }

        found.Should().Be(32 + 9);
    }

    // the lines of the tree that the well-known machine gives its guest, but for what this board has not (a platform bus, sizes of caches)
    [TestCase(2, "arm,cortex-a15-gic", "hvc")]
    [TestCase(3, "arm,gic-v3", "smc")]
    public void The_device_tree_says_what_kernels_of_the_virt_machine_read(int gic, string controller, string method)
    {
        using Machine machine = Build(2, gic, virtualization: gic == 3);
        FdtNode root = machine.Get<ArmVirtBoard>().DeviceTree.Root;
        root.Find("intc@8000000")!.Property("compatible")!.AsString().Should().Be(controller);
        uint flags = gic == 2 ? 0x304u : 4;
        root.Find("timer")!.Property("interrupts")!.AsCells().Should().Equal(1, 13, flags, 1, 14, flags, 1, 11, flags, 1, 10, flags);
        root.Find("psci")!.Property("method")!.AsString().Should().Be(method);
        root.Find("psci")!.Property("cpu_on")!.AsCells().Should().Equal(0xc400_0003);
        root.Find("cpus/cpu@1")!.Property("enable-method")!.AsString().Should().Be("psci");
        root.Find("pl011@9000000")!.Property("interrupts")!.AsCells().Should().Equal(0, 1, 4);
        root.Find("virtio_mmio@a003e00")!.Property("interrupts")!.AsCells().Should().Equal(0, 0x2f, 1);
        IReadOnlyList<uint> map = root.Find("pcie@10000000")!.Property("interrupt-map")!.AsCells();
        map.Should().HaveCount(160);
        map.Skip(40 + 30).Take(10).Should().Equal(0x800, 0, 0, 4, map[4], 0, 0, 0, 3, 4);
        root.Find("pcie@10000000")!.Property("ranges")!.AsCells().Should().Equal(
            0x0100_0000, 0, 0, 0, 0x3eff_0000, 0, 0x1_0000,
            0x0200_0000, 0, 0x1000_0000, 0, 0x1000_0000, 0, 0x2eff_0000,
            0x0300_0000, 0x80, 0, 0x80, 0, 0x80, 0);
        root.Find("chosen")!.Property("stdout-path")!.AsString().Should().Be("/pl011@9000000");
    }

    [Test]
    public void Virtualization_gives_a_GICv2_its_virtual_interface()
    {
        using Machine machine = Build(2, virtualization: true);
        FdtNode root = machine.Get<ArmVirtBoard>().DeviceTree.Root, controller = root.Find("intc@8000000")!;
        controller.Property("reg")!.AsCells().Should().Equal(
            0, 0x800_0000, 0, 0x1_0000, 0, 0x801_0000, 0, 0x1_0000, 0, 0x803_0000, 0, 0x1_0000, 0, 0x804_0000, 0, 0x1_0000);
        controller.Property("interrupts")!.AsCells().Should().Equal(1, 9, 4);
        root.Find("pmu")!.Property("interrupts")!.AsCells().Should().Equal(1, 7, 0x304);
        machine.Memory.Read(0x0803_0004, 4, out ulong type);
        type.Should().Be(0x9000_0003);
        machine.Memory.Read(0x0804_00fc, 4, out ulong id);
        id.Should().Be(0x0202_043b);
        machine.Memory.Write(0x0803_0000, 4, 3);                 // underflow interrupts: all list registers are empty
        machine.Memory.Read(0x0800_0200, 4, out ulong pending);
        pending.Should().Be(1 << 25);
    }

    [Test]
    public void All_faults_of_the_options_are_listed_and_nothing_else()
    {
        MachineBuilder builder = new MachineBuilder().UseArmVirt(static o => (o.Cpu, o.Cpus, o.GicVersion) = ("z80", 9, 4)).WithMemory(100).WithoutFirmware();
        builder.Invoking(static b => b.Build()).Should().Throw<MachineConfigurationException>().Which.Errors.Should().HaveCount(4)
            .And.Contain(static e => e.Contains("z80")).And.Contain(static e => e.Contains("not 9")).And.Contain(static e => e.Contains("not 4")).And.Contain(static e => e.Contains("100 bytes"));
    }

    [Test]
    public void A_machine_with_nothing_to_run_is_a_fault()
        => new MachineBuilder().UseArmVirt().Invoking(static b => b.Build()).Should().Throw<MachineConfigurationException>().WithMessage("*nothing to run*");

    [TestCase(false)]
    [TestCase(true)]
    public void A_32_bit_kernel_starts_in_the_Non_secure_state_and_firmware_in_the_Secure_one(bool kernelFirst)
    {
        using var files = new TestFiles();
        string program = files.Words("program", 0xeaff_fffe);
        MachineBuilder builder = new MachineBuilder().UseArmVirt(static o => (o.Is32Bit, o.Secure, o.Cpus) = (true, true, 2)).LoadFile(program, 0x4020_0000);
        using Machine machine = (kernelFirst ? builder : builder.WithoutFirmware()).Build();
        ArmCpu cpu = machine.Get<ArmVirtBoard>().Cpus[0];
        (cpu.IsAArch32, cpu.IsSecure, cpu.Pc, cpu.Cpsr & 0x1ff).Should().Be((true, !kernelFirst, 0x4020_0000UL, 0x1d3U));
        machine.Memory.Read(0x0800_0004, 4, out ulong type);
        (type & (1 << 10)).Should().Be(1 << 10, "the interrupt controller has the Security Extensions");
        machine.Memory.Read(0x0801_0004, 4, out ulong mask);
        mask.Should().Be(0);
        if (!kernelFirst)
            return;
        machine.Memory.Write(0x0801_0004, 4, 0xf0);
        machine.Memory.Read(0x0801_0004, 4, out mask);
        mask.Should().Be(0xf0, "firmware has brought the mask into the half of the Non-secure state");
    }

    [Test]
    public void A_Secure_state_needs_firmware()
    {
        using var files = new TestFiles();
        string program = files.Words("program", 0x1400_0000);
        new MachineBuilder().UseArmVirt(static o => o.Secure = true).LoadFile(program, 0x4020_0000).Invoking(static b => b.Build())
            .Should().Throw<MachineConfigurationException>().WithMessage("*needs firmware*");
        using Machine machine = new MachineBuilder().UseArmVirt(static o => o.Secure = true).LoadFile(program, 0x4020_0000).WithoutFirmware().Build();
        ArmCpu cpu = machine.Get<ArmVirtBoard>().Cpus[0];
        (cpu.ExceptionLevel, cpu.IsSecure, cpu.Pc).Should().Be((3, true, 0x4020_0000));
        machine.Memory.Read(0x0800_0004, 4, out ulong type);
        (type & (1 << 10)).Should().NotBe(0, "the interrupt controller has the Security Extensions");
    }

    [Test]
    public void A_kernel_starts_as_its_boot_protocol_says([Values] bool virtualization)
    {
        using var files = new TestFiles();
        string kernel = files.Write("Image", Images.ArmLinux(textOffset: 0x8_0000));
        string initrd = files.Write("initrd", new byte[5000]);
        using Machine machine = new MachineBuilder().UseArmVirt(o => o.Virtualization = virtualization).BootLinux(kernel, initrd, "quiet").Build();
        ArmVirtBoard board = machine.Get<ArmVirtBoard>();
        ArmCpu cpu = board.Cpus[0];
        cpu.Pc.Should().Be(0x4028_0000);
        cpu.ExceptionLevel.Should().Be(virtualization ? 2 : 1);
        (cpu["x1"], cpu["x2"], cpu["x3"]).Should().Be((0, 0, 0));
        byte[] magic = new byte[4];
        machine.Memory.TryRead(cpu["x0"], magic).Should().BeTrue();
        magic.Should().Equal(0xd0, 0x0d, 0xfe, 0xed);
        (cpu["x0"] % (2 << 20)).Should().Be(0);
        FdtNode chosen = board.DeviceTree.Root.Find("chosen")!;
        chosen.Property("bootargs")!.AsString().Should().Be("quiet");
        chosen.Property("linux,initrd-start").Should().NotBeNull();
    }

    [Test]
    public void Firmware_is_in_flash_and_finds_the_tree_and_the_kernel()
    {
        using var files = new TestFiles();
        string firmware = files.Write("fw.bin", [1, 2, 3, 4]);
        string kernel = files.Write("Image", Images.ArmLinux());
        using Machine machine = new MachineBuilder().UseArmVirt().WithFirmware(firmware).BootLinux(kernel, commandLine: "quiet").Build();
        ArmVirtBoard board = machine.Get<ArmVirtBoard>();
        board.Cpus[0].Pc.Should().Be(0);
        byte[] bytes = new byte[4];
        machine.Memory.TryRead(0, bytes).Should().BeTrue();
        bytes.Should().Equal(1, 2, 3, 4);
        machine.Memory.TryRead(0x4000_0000, bytes).Should().BeTrue();
        bytes.Should().Equal(0xd0, 0x0d, 0xfe, 0xed);
        machine.Memory.TryRead(0x4000_0004, bytes).Should().BeTrue();
        byte[] tree = new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes)];
        machine.Memory.TryRead(0x4000_0000, tree).Should().BeTrue();
        FlattenedDeviceTree.Read(tree).Write().Length.Should().BeLessThanOrEqualTo(tree.Length - 0x3000, "firmware adds to it in place");
        machine.Memory.Write(0x0902_0008, 2, 0x0800).Should().Be(BusResult.Ok);
        machine.Memory.Read(0x0902_0000, 1, out ulong low);
        machine.Memory.Read(0x0902_0000, 1, out ulong next);
        (low | (next << 8)).Should().Be(4096);
    }

    [TestCase(2, "FACP,APIC,GTDT,SPCR,DBG2,PPTT,MCFG")]
    [TestCase(3, "FACP,APIC,GTDT,SPCR,DBG2,PPTT,MCFG,IORT")]
    public void Firmware_gets_ACPI_tables_and_how_to_load_them(int gic, string listed)
    {
        using var files = new TestFiles();
        string firmware = files.Write("fw.bin", [1, 2, 3, 4]);
        using Machine machine = new MachineBuilder().UseArmVirt(o => (o.Cpus, o.GicVersion) = (3, gic)).WithFirmware(firmware).Build();
        byte[] tables = ReadItem(machine, "etc/acpi/tables"), root = ReadItem(machine, "etc/acpi/rsdp"), script = ReadItem(machine, "etc/table-loader");
        int list = BitConverter.ToInt32(root, 24);
        var found = new List<string>();
        for (int at = list + 36; at < list + BitConverter.ToInt32(tables, list + 4); at += 8)
            found.Add(System.Text.Encoding.ASCII.GetString(tables, BitConverter.ToInt32(tables, at), 4));
        string.Join(',', found).Should().Be(listed);
        int fixedDescription = BitConverter.ToInt32(tables, list + 36);
        BitConverter.ToInt32(tables, fixedDescription + 4).Should().Be(276);
        System.Text.Encoding.ASCII.GetString(tables, BitConverter.ToInt32(tables, fixedDescription + 140), 4).Should().Be("DSDT");

        // each table behind the other, and a checksum for each, the list and both of the root
        int count = 0;
        for (int at = 0; at < tables.Length; at += BitConverter.ToInt32(tables, at + 4))
            count++;
        count.Should().Be(found.Count + 2);
        (script.Length % 128).Should().Be(0);
        script.Chunk(128).Count(static c => c[0] == 3).Should().Be(count + 2);
        script.Chunk(128).Count(static c => c[0] == 2).Should().Be(found.Count + 2);
    }

    [TestCase(2)]
    [TestCase(3)]
    public void The_compiler_of_ACPICA_understands_the_tables(int gic)
    {
        const string Compiler = "/usr/bin/iasl";
        if (!File.Exists(Compiler))
            Oracle.Missing($"{Compiler} is missing: Debian's package acpica-tools has it");
        using var files = new TestFiles();
        string firmware = files.Write("fw.bin", [1, 2, 3, 4]);
        using Machine machine = new MachineBuilder().UseArmVirt(o => (o.Cpus, o.GicVersion) = (3, gic)).WithFirmware(firmware).Build();
        byte[] tables = ReadItem(machine, "etc/acpi/tables");
        for (int at = 0; at < tables.Length; at += BitConverter.ToInt32(tables, at + 4))
        {
            string name = System.Text.Encoding.ASCII.GetString(tables, at, 4);
            byte[] table = tables[at..(at + BitConverter.ToInt32(tables, at + 4))];
            table[9] = 0;
            table[9] = (byte)-table.Sum(static b => b);
            string path = files.Write(name + ".dat", table);
            string said = Run(Compiler, "-d", path);
            said.Should().Match("*: *.dsl - *bytes*").And.NotContain("Error").And.NotContain("Warning").And.NotContain("Invalid");
            if (name != "DSDT")
                continue;
            string source = File.ReadAllText(files.PathOf("DSDT.dsl"));
            source.Should().Contain("ToUUID (\"33db4d5b-1ff7-401c-9657-7441c03dd766\")").And.Contain("Method (_OSC, 4").And.Contain("CDW1 |= 0x10");
            Run(Compiler, files.PathOf("DSDT.dsl")).Should().Contain("0 Errors");
        }

        static string Run(string file, params string[] arguments)
        {
            var start = new System.Diagnostics.ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using System.Diagnostics.Process process = System.Diagnostics.Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output + errors.Result;
        }
    }

    [Test]
    public void Firmware_gets_SMBIOS_structures()
    {
        using var files = new TestFiles();
        string firmware = files.Write("fw.bin", [1, 2, 3, 4]);
        using Machine machine = new MachineBuilder().UseArmVirt(static o => o.Cpus = 3).WithMemory(512.MiB()).WithFirmware(firmware).Build();
        byte[] anchor = ReadItem(machine, "etc/smbios/smbios-anchor"), table = ReadItem(machine, "etc/smbios/smbios-tables");
        anchor.Should().StartWith("_SM3_"u8.ToArray()).And.HaveCount(24);
        ((byte)anchor.Sum(static b => b)).Should().Be(0);
        BitConverter.ToInt32(anchor, 12).Should().Be(table.Length);
        var lengths = new Dictionary<byte, int>();
        for (int at = 0; at < table.Length;)
        {
            lengths.Add(table[at], table[at + 1]);
            if (table[at] == 17)
                BitConverter.ToUInt16(table, at + 12).Should().Be(512);
            at += table[at + 1];
            at += table.AsSpan(at).IndexOf("\0\0"u8) + 2;
        }

        lengths.Should().Equal(new Dictionary<byte, int> { [1] = 27, [3] = 22, [4] = 48, [16] = 23, [17] = 40, [19] = 31, [32] = 11, [127] = 4 });
    }

    private static byte[] ReadItem(Machine machine, string name)
    {
        const ulong Data = 0x0902_0000, Selector = Data + 8;
        machine.Memory.Write(Selector, 2, 0x1900);
        for (uint left = Next(4); left > 0; left--)
        {
            uint size = Next(4), key = Next(2);
            Next(2);
            string file = string.Concat(Enumerable.Range(0, 56).Select(_ => (char)Next(1))).TrimEnd('\0');
            if (file != name)
                continue;
            machine.Memory.Write(Selector, 2, (key >> 8) | ((key & 0xff) << 8));
            return [.. Enumerable.Range(0, (int)size).Select(_ => (byte)Next(1))];
        }

        throw new InvalidOperationException($"there is no item {name}");

        uint Next(int bytes)
        {
            uint value = 0;
            for (int i = 0; i < bytes; i++)
            {
                machine.Memory.Read(Data, 1, out ulong next);
                value = (value << 8) | (uint)next;
            }

            return value;
        }
    }

    [Test]
    public void A_kernel_for_another_machine_is_refused()
    {
        using var files = new TestFiles();
        string kernel = files.Write("Image", Images.Linux());
        new MachineBuilder().UseArmVirt().BootLinux(kernel).Invoking(static b => b.Build())
            .Should().Throw<MachineConfigurationException>().WithMessage("*a RISC-V Linux image*AArch64*");
    }

    [Test]
    public void Each_CPU_sees_its_own_registers_of_a_GICv2()
    {
        // ldr w1, [x0]; b .
        using var files = new TestFiles();
        string program = files.Words("program", 0xb940_0001, 0x1400_0000);
        using Machine machine = new MachineBuilder().UseArmVirt(static o => o.Cpus = 2).LoadFile(program, 0x4020_0000).Build();
        ArmVirtBoard board = machine.Get<ArmVirtBoard>();
        board.Cpus[0]["x0"] = 0x0800_0800;
        board.Cpus[1].PowerOn(0x4020_0000, 0x0800_0800, 1);
        machine.Run(400_000);
        (board.Cpus[0]["x1"], board.Cpus[1]["x1"]).Should().Be((0x0101_0101, 0x0202_0202));
    }

    [Test]
    public void The_power_key_interrupts()
    {
        using Machine machine = Build();
        ArmVirtBoard board = machine.Get<ArmVirtBoard>();
        board.Gpio.Write(0x40c, 4, 8);
        board.Gpio.Write(0x410, 4, 8);
        board.PressPowerKey(machine);
        board.Gpio.Irq.Level.Should().BeTrue();
        machine.Memory.Read(0x0800_0204, 4, out ulong pending);
        pending.Should().Be(1 << 7);
    }

    [Test]
    public void Messages_of_functions_reach_the_interrupt_controller_or_memory_and_no_other_registers()
    {
        using Machine machine = Build();
        ArmVirtBoard board = machine.Get<ArmVirtBoard>();
        machine.Memory.Write(0x0800_0c14, 4, uint.MaxValue);
        board.Pcie.MessageSink!(0x0802_0040, 83, 8);
        machine.Memory.Read(0x0800_0208, 4, out ulong pending);
        pending.Should().Be(1 << 19);
        board.Pcie.MessageSink(0x4000_1000, 0x1234_5678, 8);
        machine.Memory.Read(0x4000_1000, 4, out ulong word);
        word.Should().Be(0x1234_5678);
        board.Pcie.MessageSink(0x0900_0000, 'x', 8);
        board.Console.RecentText.Should().BeEmpty();
    }

    [Test]
    public void A_group_1_interrupt_becomes_an_IRQ_or_a_FIQ_with_the_world_of_the_CPU()
    {
        // eret; smc #0
        using var files = new TestFiles();
        string program = files.Words("program", 0xd69f_03e0, 0xd400_0003);
        using Machine machine = BuildSecure();
        ArmVirtBoard board = machine.Get<ArmVirtBoard>();
        ArmCpu cpu = board.Cpus[0];
        board.SecureMemory!.Write(0x080a_0014, 4, 0);
        board.SecureMemory!.Write(0x0800_0000, 4, 7);
        board.SecureMemory!.Write(0x0800_0084, 4, 2);                // 33 is of Non-secure group 1
        board.SecureMemory!.Write(0x0800_0104, 4, 2);
        Set("ICC_PMR_EL1", 0xf8);
        Set("ICC_IGRPEN1_EL3", 3);
        board.GicV3!.Input(1)(true);
        Lines().Should().Be((false, true), "at EL3");
        Set("SCR_EL3", 0x401);
        Lines().Should().Be((false, true), "at EL3");
        Set("SPSR_EL3", 0x3c5);
        Set("ELR_EL3", 0x4020_0004);
        machine.Run(1);
        (cpu.ExceptionLevel, cpu.IsSecure).Should().Be((1, false));
        Lines().Should().Be((true, false), "in Non-secure state");

        using var saved = new MemoryStream();
        machine.Save(saved);
        machine.Run(1);
        cpu.ExceptionLevel.Should().Be(3);
        Lines().Should().Be((false, true));
        Set("SCR_EL3", 0x400);
        cpu.EnterLevel(1);
        Lines().Should().Be((false, true), "in Secure state");

        using Machine second = BuildSecure();
        saved.Position = 0;
        second.Load(saved);
        ArmVirtBoard loaded = second.Get<ArmVirtBoard>();
        (loaded.GicV3!.Irq(0).Level, loaded.GicV3.Fiq(0).Level).Should().Be((true, false));
        second.Run(1);
        (loaded.GicV3.Irq(0).Level, loaded.GicV3.Fiq(0).Level).Should().Be((false, true));

        Machine BuildSecure() => new MachineBuilder().UseArmVirt(static o => (o.Secure, o.GicVersion) = (true, 3)).LoadFile(program, 0x4020_0000).WithoutFirmware().Build();

        (bool Irq, bool Fiq) Lines() => (board.GicV3!.Irq(0).Level, board.GicV3.Fiq(0).Level);

        void Set(string name, ulong value)
        {
            cpu.TryFindSystemRegister(name, out int encoding).Should().BeTrue();
            cpu.TryWriteSystemRegister(encoding, value).Should().BeTrue();
        }
    }

    private static Machine Build(int cpus = 1, int gic = 2, bool virtualization = false)
        => new MachineBuilder().UseArmVirt(o => (o.Cpus, o.GicVersion, o.Virtualization) = (cpus, gic, virtualization)).ForSavedState().Build();
}
