namespace Emulation.SoftFloat.Tests;

/// <summary>Finds published test vectors, which are not part of the repository.</summary>
internal static class TestVectors
{
    private const string Variable = "EMULATION_VECTORS";

    /// <summary>A folder of vectors; ends the test as ignored if it is not there (as failed in continuous integration).</summary>
    public static string Require(string folder)
    {
        string? found = Candidates().Select(root => Path.Combine(root, folder)).FirstOrDefault(Directory.Exists);
        if (found is not null)
        {
            return found;
        }

        Oracle.Missing($"No test vectors '{folder}': set {Variable} or put them in shared/vectors beside the repository.");
        return string.Empty;
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } configured)
        {
            yield return configured;
        }

        for (DirectoryInfo? at = new(TestContext.CurrentContext.TestDirectory); at is not null; at = at.Parent)
        {
            yield return Path.Combine(at.FullName, "shared", "vectors");
        }
    }
}
