using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile;

/// <summary>Every EXC_RETURN, from each depth of handlers, with each set of pending exceptions and state of floating point, compared with the manual's pseudocode written down once more.</summary>
public sealed class ExceptionReturnTests
{
    private const uint Code = 0x1000, Msp = 0x2_0400, Psp = 0x2_0804, Fpccr = 0xe000_ef34, Fpcar = 0xe000_ef38, Shcsr = 0xe000_ed24, Cfsr = 0xe000_ed28, Hfsr = 0xe000_ed2c;
    private static readonly ArmRegisters s_registers = ArmRegisters.Layout;

    // which exceptions are active, the returning one first
    private static readonly int[][] s_depths = [[11], [16], [16, 17], [3], [3, 17], [2, 3], [17, 16]];

    [Test]
    public void All_returns([Values] EngineKind engine, [Values] bool lazy)
    {
        using var cpu = new MCpu(engine, new ArmMCpuOptions { Model = ArmMCpuModel.CortexM4F, PriorityBits = 8 });
        cpu.Memory.Map(0, 0x4_0000);
        for (uint n = 1; n < 32; n++)
            cpu.Write(4 * n, 0x8001 + (16 * n));
        cpu.WriteCode(Code, 0x4770);                           // bx lr
        int count = 0;
        for (uint low = 0; low < 32; low++)
        {
            foreach (int[] depth in s_depths)
            {
                for (int pending = 0; pending < 8; pending++)
                {
                    for (int state = 0; state < 16; state++)
                    {
                        Check(cpu, 0xffff_ffe0 | low, depth, pending, state, lazy);
                        count++;
                    }
                }
            }
        }

        Check(cpu, 0xf000_0009, s_depths[0], 0, 0, lazy);      // bits that must be ones
        count.Should().Be(32 * 7 * 8 * 16);
    }

    private static void Check(MCpu cpu, uint link, int[] depth, int pending, int state, bool lazy)
    {
        bool saved = (state & 1) != 0, mismatch = (state & 2) != 0, usage = (state & 4) != 0, nested = (state & 8) != 0;
        ArmMCpu arm = cpu.Cpu;
        arm.Reset();
        cpu.Write(0, Msp, Code + 1);
        arm.TryLoadVectors().Should().BeTrue();
        var manual = new ManualReturn { UsageFaultEnabled = usage, NonBaseThread = nested, Msp = Msp, Psp = Psp, Lr = link, Pc = Code, Lspact = saved && lazy, Lspen = lazy, Fpscr = 0x1000_0000 };
        bool thread = (link & 8) != 0;
        uint ipsr = thread ? 0u : (uint)(depth.Length > 1 ? depth[1] : 18);
        if (mismatch)
            ipsr = thread ? 17u : 0;
        foreach (uint frame in (uint[])[Msp, Psp])
        {
            for (uint i = 0; i < 26; i++)
                cpu.Write(frame + (4 * i), manual.Memory[frame + (4 * i)] = 0x100 * i + frame);
            cpu.Write(frame + 24, manual.Memory[frame + 24] = 0x9000);
            cpu.Write(frame + 28, manual.Memory[frame + 28] = 0x8100_0200 | ipsr);
            cpu.Write(frame + 96, manual.Memory[frame + 96] = 0x2000_0000);
        }

        arm.Write(0xe000_ed88, 0xf0_0000);
        arm.Write(Fpccr, (lazy ? 0xc000_0000 : 0x8000_0000) | (saved && lazy ? 1u : 0));
        arm.Write(Shcsr, usage ? 1u << 18 : 0);
        arm.Write(0xe000_ed14, nested ? 0x201u : 0x200);
        arm.Write(0xe000_e100, 7);
        // 16 and 17 differ; UsageFault above them, SVCall between, 18 below
        foreach ((int number, int priority) in ((int, int)[])[(6, 0x20), (11, 0x60), (14, 0xf0), (16, 0x80), (17, 0x40), (18, 0xc0)])
        {
            manual.Priorities[number] = priority;
            arm.Exceptions.SetPriority(number, (byte)priority);
        }

        foreach (int number in depth)
        {
            manual.Active.Add(number);
            arm.Exceptions.SetActive(number, true);
        }

        for (int bit = 0; bit < 3; bit++)
        {
            int number = bit switch { 0 => 14, 1 => 17, _ => 18 };
            if ((pending >> bit & 1) == 0 || depth.Contains(number))
                continue;
            manual.Pending.Add(number);
            arm.Exceptions.SetPending(number, true);
        }

        for (int i = 0; i < 16; i++)
            arm[s_registers.A32.S[i]] = manual.S[i] = 0x3f80_0000 + (uint)i;
        arm.Fpscr = manual.Fpscr;
        arm[ArmMRegister.Xpsr] = manual.Xpsr = (1u << 24) | (uint)depth[0];
        arm[ArmMRegister.Msp] = Msp;
        arm[ArmMRegister.Psp] = Psp;
        arm[ArmMRegister.Lr] = link;
        arm.Exceptions.Update();
        arm.UpdateMode();
        bool preempted = arm.Exceptions.Preempts;
        if (preempted)
            return;                                            // taken before the instruction: not a return
        RunResult result = arm.RunAlone(1);
        manual.Return(link);

        string what = $"{link:x} from {string.Join(',', depth)}, pending {string.Join(',', manual.Pending)} ({pending}), state {state}";
        (result.Reason == StopReason.UnhandledException || IsLockedUp(arm)).Should().Be(manual.LockedUp, what);
        if (manual.LockedUp)
            return;
        uint[] ours =
        [
            arm[ArmMRegister.Pc], arm[ArmMRegister.Xpsr], arm[ArmMRegister.Lr], arm[ArmMRegister.Msp], arm[ArmMRegister.Psp], arm[ArmMRegister.Control], arm[ArmMRegister.R0], arm[ArmMRegister.R12],
            arm.Fpscr & 0xf000_0000, (uint)arm[s_registers.A32.S[15]], arm.Read(Fpccr) & 1, arm.Read(Cfsr) >> 18 & 1, arm.Read(Hfsr) >> 30,
        ];
        uint[] theirs =
        [
            manual.Pc, manual.Xpsr, manual.Lr, manual.Msp, manual.Psp, (manual.Spsel ? 2u : 0) | (manual.Fpca ? 4u : 0), manual.R[0], manual.R[12],
            manual.Fpscr & 0xf000_0000, manual.S[15], manual.Lspact ? 1u : 0, manual.Invpc ? 1u : 0, manual.Forced ? 1u : 0,
        ];
        ours.Should().Equal(theirs, what);
        foreach (int number in (int[])[2, 3, 6, 11, 14, 16, 17, 18])
        {
            arm.Exceptions.IsActive(number).Should().Be(manual.Active.Contains(number), "{0}: active {1}", what, number);
            arm.Exceptions.IsPending(number).Should().Be(manual.Pending.Contains(number), "{0}: pending {1}", what, number);
        }

        foreach ((uint address, uint word) in manual.Memory)
        {
            if (cpu.Read(address) != word)
                cpu.Read(address).Should().Be(word, "{0}: memory at {1:x}", what, address);
        }

        if (manual.Lspact)
            arm.Read(Fpcar).Should().Be(manual.Fpcar, what);
    }

    private static bool IsLockedUp(ArmMCpu cpu) => cpu.Run(0) == CpuExit.UnhandledException;
}

/// <summary>The System Control Space as privileged code sees it.</summary>
internal static class ControlSpaceAccess
{
    public static uint Read(this ArmMCpu cpu, uint address)
    {
        cpu.Context.Memory.Read(address, 4, out ulong value);
        return (uint)value;
    }

    public static void Write(this ArmMCpu cpu, uint address, uint value) => cpu.Context.Memory.Write(address, 4, value);
}
