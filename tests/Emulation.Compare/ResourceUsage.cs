using System.Runtime.InteropServices;

namespace Emulation.Compare;

/// <summary>What Linux knows about the processes we started. .NET forgets a process's times once it ended.</summary>
internal static partial class ResourceUsage
{
    private const int ChildrenWaitedFor = -1;

    /// <summary>User and system seconds of all ended children so far; null elsewhere than on Linux.</summary>
    public static double? ChildrenCpuSeconds()
    {
        if (!OperatingSystem.IsLinux() || GetUsage(ChildrenWaitedFor, out Usage usage) != 0)
            return null;
        return usage.UserSeconds + usage.SystemSeconds + (usage.UserMicroseconds + usage.SystemMicroseconds) * 1e-6;
    }

    /// <summary>The highest resident set of a running process so far, in bytes; 0 if unknown.</summary>
    public static long PeakBytes(int processId)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        try
        {
            foreach (string line in File.ReadLines($"/proc/{processId}/status"))
            {
                // "VmHWM:     12345 kB"
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                    return long.Parse(line.AsSpan(6, line.Length - 6 - 2).Trim()) * 1024;
            }
        }
        catch (IOException)
        {
            // it ended between our looking and reading
        }

        return 0;
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, out Usage usage);

    // struct rusage of 64-bit Linux: two timevals, then fourteen counters that are not used here
    [StructLayout(LayoutKind.Sequential, Size = 18 * sizeof(long))]
    private readonly struct Usage
    {
        public readonly long UserSeconds;
        public readonly long UserMicroseconds;
        public readonly long SystemSeconds;
        public readonly long SystemMicroseconds;
    }
}
