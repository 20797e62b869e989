using Emulation.Arm.Tests.Differential;
using Emulation.Cpu;
namespace Emulation.Arm.Tests.AArch32;
public sealed class ZzTrace
{
    [Test, Explicit]
    public void Trace()
    {
        string what = Environment.GetEnvironmentVariable("W")!; int seed = int.Parse(Environment.GetEnvironmentVariable("S")!), n = int.Parse(Environment.GetEnvironmentVariable("N")!);
        string? only = Environment.GetEnvironmentVariable("O") is { Length: > 0 } o ? o : null;
        bool thumb = what[0] == 'T';
        Program p = what[1..] switch { "i" => thumb ? new T32Generator("integer", seed, only).Make(n) : new A32Generator("integer", seed, only).Make(n), "m" => thumb ? new T32Generator("memory", seed, only).Make(n) : new A32Generator("memory", seed, only).Make(n), var k => new SimdGenerator(k, thumb, seed, only).Make(n) };
        string path = "/tmp/zz.elf"; File.WriteAllBytes(path, ElfWriter.Write32((uint)Program.Base, (uint)Program.Base | (thumb ? 1u : 0), p.Image));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var cpu = new TestCpu(EngineKind.Interpreter); cpu.Cpu.EnterAArch32(thumb);
        cpu.Memory.Map(Program.Base, ((ulong)p.Image.Length + 0xfff) & ~0xfffUL, p.Image);
        using var w = new StreamWriter("/tmp/zz.ours");
        ulong pc = Program.Base;
        for (int i = 0; i < 200000 && pc != p.End; i++)
        {
            w.Write($"{pc:x8}"); for (int r = 0; r < 15; r++) w.Write($" {(uint)cpu[r]:x8}"); w.WriteLine($" {cpu.Cpu.Cpsr & 0xf80f0000:x8}");
            Emulation.Core.RunResult rr = cpu.Cpu.Run(pc, p.End, 1); pc = rr.Pc;
            if (rr.Fault is not null) { w.WriteLine(rr.ToString()); break; }
        }
    }
}
