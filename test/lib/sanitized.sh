# shellcheck shell=bash
# Programs of test/fuzz with what they need of src/, compiled with the sanitizers where the compiler has them.

# sg_sanitized program source...
sg_sanitized() {
    local program=$1 sanitizers=(-fsanitize=address,undefined -fno-sanitize-recover=all)
    shift
    "${CC:-cc}" "${sanitizers[@]}" -x c -o /dev/null - <<<'int main(void) { return 0; }' 2>/dev/null || sanitizers=()
    "${CC:-cc}" -std=gnu99 -O2 -g -Wall -Wextra -Werror "${sanitizers[@]}" -Isrc -Itest/fuzz -o "$program" "$@"
}
