# A template: formula.sh fills it in for a release.
class Gemmapod < Formula
  desc "Serve agents in one HTML file from your own machine, peer to peer"
  homepage "https://github.com/gemmapod/gemmapod"
  version "@VERSION@"
  license "MIT"

  on_macos do
    on_arm do
      url "https://github.com/gemmapod/gemmapod/releases/download/v@VERSION@/gemmapod-macos-arm64.tar.gz"
      sha256 "@MACOS_ARM64@"
    end
    on_intel do
      url "https://github.com/gemmapod/gemmapod/releases/download/v@VERSION@/gemmapod-macos-x64.tar.gz"
      sha256 "@MACOS_X64@"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/gemmapod/gemmapod/releases/download/v@VERSION@/gemmapod-linux-arm64.tar.gz"
      sha256 "@LINUX_ARM64@"
    end
    on_intel do
      url "https://github.com/gemmapod/gemmapod/releases/download/v@VERSION@/gemmapod-linux-x64.tar.gz"
      sha256 "@LINUX_X64@"
    end
  end

  def install
    bin.install "gemmapod"
    generate_completions_from_executable(bin/"gemmapod", "completions", shells: [:bash, :zsh, :fish])
  end

  service do
    run [opt_bin/"gemmapod", "start", "--headless", "--resume"]
    keep_alive true
    error_log_path var/"log/gemmapod.log"
  end

  test do
    assert_equal version.to_s, shell_output("#{bin}/gemmapod --version").strip
    assert_match "pod.toml", shell_output("#{bin}/gemmapod init card --template card")
  end
end
