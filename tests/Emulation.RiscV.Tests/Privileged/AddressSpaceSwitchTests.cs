using Emulation.Cpu;
using static Emulation.RiscV.Tests.Privileged.Words;

namespace Emulation.RiscV.Tests.Privileged;

/// <summary>Code that writes satp and goes on where the other address space has other code, or the same on a global page.</summary>
[TestFixture(EngineKind.Interpreter)]
[TestFixture(EngineKind.Tier0)]
[TestFixture(EngineKind.Jit)]
public sealed class AddressSpaceSwitchTests(EngineKind engine)
{
    private const ulong V = 1, R = 2, W = 4, X = 8, G = 32, A = 64, D = 128;
    private const int Satp = 0x180;
    private const uint Ret = 0x0000_8067;

    // Two address spaces: the first gigabyte holds pages of its own, the third is the memory itself.
    private const ulong Base = HartProgram.Base, Spaces = Base + 0x2_0000, SpaceBytes = 0x4000, Frames = Base + 0x4_0000, Window = 0x4000;
    private HartProgram _program = null!;

    [SetUp]
    public void Prepare() => _program = new HartProgram(engine, "rv64imac_zicsr_svadu");

    [TearDown]
    public void Release() => _program.Dispose();

    // Jump cache, fetched pages and fences are kept apart for global pages; the kernel's are, or are not.
    [Test]
    public void A_kernel_calls_what_the_present_space_holds([Values] bool kernelIsGlobal, [Values] bool fences)
    {
        // csrw satp, x10; (sfence.vma); jalr x12; csrw satp, x11; (sfence.vma); jalr x12; back
        uint fence = fences ? SfenceVma(0, 5) : Nop;
        _program.Load(Base, Csrrw(0, Satp, 10), fence, CallX12, Csrrw(0, Satp, 11), fence, CallX12, Jump(-24));
        Build(kernelIsGlobal);
        for (int space = 0; space < 2; space++)
            _program.Load(Frame(space), Addi(5, 5, Step(space)), Ret);
        Start(Base);
        _program.Run(11 * 100);
        _program[5].Should().Be(100 * 101UL);
    }

    [Test]
    public void The_instruction_after_the_write_comes_from_the_new_space([Values] bool kernelIsGlobal)
    {
        Build(kernelIsGlobal);
        for (int space = 0; space < 2; space++)
            _program.Load(Frame(space), Csrrw(0, Satp, space == 0 ? 11u : 10u), Addi(5, 5, Step(space)), Jump(-8));
        Start(Window);
        _program.Run(3 * 200);
        _program[5].Should().Be(100 * 101UL);
    }

    [Test]
    public void A_global_page_that_is_mapped_anew_takes_a_fence_of_all_spaces([Values] bool byAddress)
    {
        // The window is global, so a fence of one address space would leave it: the called code changes place behind an unrestricted fence.
        _program.Load(Base, CallX12, Sd(13, 14, 0), SfenceVma(byAddress ? 12u : 0, 0), CallX12, Sd(13, 15, 0), SfenceVma(byAddress ? 12u : 0, 0), Jump(-24));
        Build(kernelIsGlobal: true, windowFlags: G);
        for (int space = 0; space < 2; space++)
            _program.Load(Frame(space), Addi(5, 5, Step(space)), Ret);
        Start(Base);
        (_program.Cpu["x13"], _program.Cpu["x14"], _program.Cpu["x15"]) = (Leaf(0), Entry(Frame(1), V | R | X | A | D | G), Entry(Frame(0), V | R | X | A | D | G));
        _program.Run(11 * 100);
        _program[5].Should().Be(100 * 101UL);
    }

    private static uint CallX12 => 0x0006_00e7;

    private static int Step(int space) => space == 0 ? 1 : 100;

    private static ulong Space(int space) => Spaces + ((ulong)space * SpaceBytes);

    private static ulong Frame(int space) => Frames + ((ulong)space << 12);

    private static ulong Entry(ulong physical, ulong flags) => (physical >> 2) | flags;

    // Where the entry of the window's page lies.
    private static ulong Leaf(int space) => Space(space) + 0x2000 + ((Window >> 12) * 8);

    private static ulong SatpOf(int space) => (8UL << 60) | ((ulong)(space + 1) << 44) | (Space(space) >> 12);

    private void Build(bool kernelIsGlobal, ulong windowFlags = 0)
    {
        for (int space = 0; space < 2; space++)
        {
            ulong root = Space(space);
            Store(root, Entry(root + 0x1000, V));
            Store(root + 0x1000, Entry(root + 0x2000, V));
            Store(Leaf(space), Entry(Frame(space), V | R | X | A | D | windowFlags));
            Store(root + (8 * (Base >> 30)), Entry(Base, V | R | W | X | A | D | (kernelIsGlobal ? G : 0)));
        }
    }

    private void Start(ulong pc)
    {
        _program.OpenMemory();
        (_program.Cpu["x10"], _program.Cpu["x11"], _program.Cpu["x12"]) = (SatpOf(0), SatpOf(1), Window);
        _program.Cpu.TryWriteCsr(Satp, SatpOf(0));
        _program.Cpu.EnterPrivilege(PrivilegeLevel.Supervisor);
        _program.Cpu.SetPc(pc);
    }

    private void Store(ulong address, ulong value) => _program.Load(address, (uint)value, (uint)(value >> 32));
}
